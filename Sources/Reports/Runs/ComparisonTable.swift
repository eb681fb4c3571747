import Foundation

/// The table that a comparison ends with, at most 100 columns wide.
public struct ComparisonTable: CustomStringConvertible {
    let results: [RunResult]
    let scores: [(title: String, score: String)]

    /// - Parameters:
    ///   - results: a row each.
    ///   - scores: the title and the name of each score that has a column; all of them percentages.
    public init(results: [RunResult], scores: [(title: String, score: String)]) {
        self.results = results
        self.scores = scores
    }

    /// The table.
    public var description: String {
        let header =
            ["variant", "statistics", "training loss"] + scores.map(\.title)
            + ["images/s", "seconds", "communication %"]
        let rows = results.map { result in
            [result.normalization, result.statistics, shown(loss: result.trainLoss)]
                + scores.map { score in result.scores[score.score].map { String(format: "%.2f", $0) } ?? "–" }
                + [
                    String(format: "%.0f", result.imagesPerSecond), String(format: "%.1f", result.seconds),
                    String(format: "%.1f", 100 * result.communicationShare),
                ]
        }
        return TextTable(header: header, rows: rows, names: 2).description
    }
}
