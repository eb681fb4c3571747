import Foundation

/// The table that a comparison ends with, at most 100 columns wide.
struct ComparisonTable: CustomStringConvertible {
    let results: [RunResult]

    var description: String {
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
        let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
        let rule = widths.map { String(repeating: "-", count: $0) }
        return ([header, rule] + rows).map { line($0, widths) }.joined(separator: "\n")
    }

    /// Names to the left, figures to the right.
    private func line(_ cells: [String], _ widths: [Int]) -> String {
        cells.indices.map { column in
            let padding = String(repeating: " ", count: widths[column] - cells[column].count)
            return column < 2 ? cells[column] + padding : padding + cells[column]
        }.joined(separator: "  ")
    }
}
