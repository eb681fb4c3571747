import Datasets
import Foundation
import MPI
import Training

extension Session {
    /// Trains a few steps on all ranks and again on the first rank alone, for every normalisation and kind of shards,
    /// compares all that came out bit by bit, and prints a table.
    ///
    /// - Parameters:
    ///   - reduction: how sums are taken; `float` shows what the exact ones are for.
    ///   - instructions: what oneDNN computes with.
    /// - Throws: `AgreedFailure` on any difference, after the table.
    public func verify(
        reduction: Configuration.Reduction, instructions: Configuration.InstructionSetChoice
    ) throws {
        try choose(instructions)
        let dataset = try agree { try Dataset.source("digits").load() }
        let alone = try communicator.split(color: communicator.rank, key: 0)
        let workers = max(4, 2 * communicator.size)
        if isFirst {
            print(
                """
                \(counted(workers, "worker")) on \(counted(communicator.size, "rank")) against one rank: largest \
                difference after \(VerificationRun.steps) steps (0: the same bits)

                \(VerificationTable.header)
                """)
        }
        var differences = 0
        for settings in VerificationCase.all {
            let row = try compare(settings, dataset, workers, reduction, alone)
            differences += row.differences
            if isFirst { print(row) }
        }
        let total = try communicator.broadcast(differences, root: 0)
        if isFirst { print("\n\(VarianceTable())\n") }
        guard total == 0 else {
            throw AgreedFailure(
                rank: nil, message: "\(counted(total, "quantity", "quantities")) differ from the run on one rank.")
        }
        if isFirst { print("All are the same bits on \(counted(communicator.size, "rank")) as on one.") }
    }

    private func compare(
        _ settings: VerificationCase, _ dataset: Dataset, _ workers: Int, _ reduction: Configuration.Reduction,
        _ alone: Communicator
    ) throws -> VerificationTable.Row {
        var configuration = Configuration()
        configuration.workers = workers
        configuration.normalization.statistics = settings.statistics
        configuration.training.reduction = reduction
        let plan = RunPlan(configuration, norm: settings.norm, ranks: communicator.size)
        let run = try VerificationRun(plan, settings.shards, dataset: dataset, communicator: communicator)
        guard isFirst else { return VerificationTable.Row(settings: settings, cells: []) }
        let reference = try VerificationRun(plan, settings.shards, dataset: dataset, communicator: alone)
        return VerificationTable.Row(
            settings: settings,
            cells: VerificationRun.Quantity.allCases.map { run.largestDifference(of: $0, from: reference) })
    }
}

/// The table of `normtrain verify`, at most 100 columns wide.
enum VerificationTable {
    private static let widths = (name: 16, shards: 8)

    static var header: String {
        let titles = VerificationRun.Quantity.allCases.map(\.rawValue)
        return line("normalisation", "shards", titles) + "\n"
            + line(String(repeating: "-", count: 15), "------", titles.map { String(repeating: "-", count: $0.count) })
    }

    struct Row: CustomStringConvertible {
        let settings: VerificationCase
        /// nil: the norm has no such quantity.
        let cells: [VerificationDifference?]

        /// Quantities that are not the same bits.
        var differences: Int { cells.count { $0.map { !$0.isNone } ?? false } }

        var description: String {
            let texts = cells.map { difference in
                guard let difference else { return "–" }
                return difference.isNone ? "0" : String(format: "%.0e", difference.largest)
            }
            return VerificationTable.line(settings.name, settings.shards.rawValue, texts)
        }
    }

    private static func line(_ name: String, _ shards: String, _ cells: [String]) -> String {
        let columns = zip(VerificationRun.Quantity.allCases, cells).map { quantity, cell in
            String(repeating: " ", count: max(0, max(7, quantity.rawValue.count) - cell.count)) + cell
        }
        return padded(name, widths.name) + padded(shards, widths.shards) + columns.joined(separator: "  ")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
