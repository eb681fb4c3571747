import Foundation

/// The table that a comparison ends with, at most 100 columns wide.
public struct ComparisonTable: CustomStringConvertible {
    let results: [RunResult]

    /// - Parameter results: a row each.
    public init(results: [RunResult]) {
        self.results = results
    }

    /// The table.
    public var description: String {
        let header = [
            "variant", "statistics", "training loss", "test error %", "images/s", "seconds", "communication %",
        ]
        let rows = results.map { result in
            [
                result.normalization, result.statistics, shown(loss: result.trainLoss),
                String(format: "%.2f", result.testErrorPercent), String(format: "%.0f", result.imagesPerSecond),
                String(format: "%.1f", result.seconds), String(format: "%.1f", 100 * result.communicationShare),
            ]
        }
        return TextTable(header: header, rows: rows, names: 2).description
    }
}
