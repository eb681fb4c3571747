import Training

/// The rows of `metrics.csv`: one for each step.
struct Metrics {
    private(set) var text: String

    /// - Parameter text: the rows of the steps that are done; nil before the first.
    init(text: String? = nil) {
        self.text = text ?? "step,loss,rate,seconds\n"
    }

    mutating func add(_ report: Trainer.StepReport) {
        text += "\(report.step),\(report.loss),\(report.rate),\(report.seconds)\n"
    }
}
