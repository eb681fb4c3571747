import Foundation

/// One plain sentence on what a comparison of classifiers shows for synchronised against per-worker statistics.
public struct Verdict: CustomStringConvertible {
    private let perWorker: RunResult
    private let synchronized: RunResult
    private let testImages: Int

    /// nil unless both were trained, as classifiers.
    public init?(_ results: [RunResult], testImages: Int) {
        guard let perWorker = results.first(where: { $0.normalization == "bn" && $0.statistics == "worker" }),
            let synchronized = results.first(where: { $0.normalization == "syncbn" }),
            !perWorker.testErrorPercent.isNaN, !synchronized.testErrorPercent.isNaN
        else { return nil }
        self.perWorker = perWorker
        self.synchronized = synchronized
        self.testImages = testImages
    }

    /// The sentence.
    public var description: String {
        if perWorker.workers == 1 {
            return "With a single worker synchronised and per-worker batch norm are the same: "
                + "set --workers to 2 or more to see what synchronising does."
        }
        let setting = "With \(perWorker.workers) workers of \(counted(perWorker.batch, "image")) each, "
        let errors = String(
            format: "synchronised batch norm errs on %.2f%% of the test images and per-worker batch norm on %.2f%%",
            synchronized.testErrorPercent, perWorker.testErrorPercent)
        return setting + errors + ": " + conclusion
    }

    private var conclusion: String {
        let difference = perWorker.testErrorPercent - synchronized.testErrorPercent
        let size = String(format: "%.2f", abs(difference))
        let seed = "one seed is a direction, not a result."
        guard abs(difference) > 2 * standardError else {
            return "a difference of \(size) points that so few test images can't tell from none; \(seed)"
        }
        let effect = difference > 0 ? "synchronising lowers the error" : "synchronising raises the error"
        return "\(effect) by \(size) points; \(seed)"
    }

    /// Of the difference between two error rates, in points, as if the test images were drawn anew for each: both are
    /// binomial.
    private var standardError: Double {
        let variance = [perWorker, synchronized].reduce(0.0) { sum, result in
            let rate = result.testErrorPercent / 100
            return sum + rate * (1 - rate) / Double(testImages)
        }
        return 100 * variance.squareRoot()
    }
}
