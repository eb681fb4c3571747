import Datasets
import Foundation
import Reports
import Settings

/// A row of the table of `normtrain verify`.
struct VerificationRow {
    /// What was trained, in the order of the table's columns.
    let setting: [String]
    /// nil: there is no such quantity.
    let cells: [VerificationDifference?]

    /// - Parameters:
    ///   - norm: what the table calls it.
    ///   - shards: how the images are divided among the workers.
    ///   - reference: the run on one rank; nil on ranks that have none.
    init(
        norm: String, configuration: Configuration, images: ImageShape, shards: String, _ run: VerificationRun,
        _ reference: VerificationRun?
    ) {
        setting = [
            norm, configuration.model.name, configuration.training.optimiser, "\(images.height)×\(images.width)",
            shards,
        ]
        cells = VerificationRun.Quantity.allCases.map { quantity in
            reference.flatMap { run.largestDifference(of: quantity, from: $0) }
        }
    }

    /// Quantities that are not the same bits.
    var differences: Int { cells.count { $0.map { !$0.isNone } ?? false } }

    /// At most 100 columns wide.
    static func table(_ rows: [VerificationRow]) -> TextTable {
        TextTable(
            header: ["norm", "network", "optimiser", "images", "shards"]
                + VerificationRun.Quantity.allCases.map(\.rawValue),
            rows: rows.map { $0.setting + $0.cells.map(text) }, names: 5)
    }

    private static func text(_ difference: VerificationDifference?) -> String {
        guard let difference else { return "–" }
        return difference.isNone ? "0" : String(format: "%.0e", difference.largest)
    }
}
