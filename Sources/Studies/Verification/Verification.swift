import Datasets
import Files
import Foundation
import MPI
import Reports
import Runs
import Settings
import Training

extension Session {
    /// Trains a few steps on all ranks and again on the first rank alone, for every setting of `VerificationCase.all`,
    /// compares all that came out bit by bit, and prints a table.
    ///
    /// - Parameter options: how sums are taken (`float` shows what the exact ones are for), and what oneDNN computes with.
    /// - Throws: `AgreedFailure` on any difference, after the table.
    public func verify(options: [KeyOption]) throws {
        var draft = ConfigurationDraft()
        try agree { try draft.set(options) }
        try choose(draft.configuration.instructionSet)
        let dataset = try agree { try Dataset.source("digits").load() }
        let alone = try communicator.split(color: communicator.rank, key: 0)
        var configuration = draft.configuration
        configuration.dataset.name = dataset.name
        configuration.workers = max(4, 2 * communicator.size)
        let rows = try VerificationCase.all.map { try row($0, dataset, configuration, alone) }
        let differences = try communicator.broadcast(rows.reduce(0) { $0 + $1.differences }, root: 0)
        try onFirst {
            try StandardOutput.show(
                """
                \(counted(configuration.workerCount(ranks: 1), "worker")) on \(counted(communicator.size, "rank")) \
                against one rank: largest difference after \(VerificationRun.steps) steps (0: the same bits)

                \(VerificationRow.table(rows))

                \(VarianceTable())

                """)
        }
        guard differences == 0 else {
            throw AgreedFailure(
                rank: nil,
                message: "\(counted(differences, "quantity", "quantities")) differ from the run on one rank.")
        }
        try onFirst {
            try StandardOutput.show("All are the same bits on \(counted(communicator.size, "rank")) as on one.")
        }
    }

    private func row(
        _ setting: VerificationCase, _ dataset: Dataset, _ configuration: Configuration, _ alone: Communicator
    ) throws -> VerificationRow {
        var configuration = configuration
        configuration.model.name = setting.model
        configuration.training.optimiser = setting.optimiser
        configuration.normalization.statistics = setting.statistics
        let plan = RunPlan(configuration, norm: setting.norm, ranks: communicator.size)
        let run = try VerificationRun(plan, setting.shards, dataset: dataset, communicator: communicator)
        guard isFirst else { return VerificationRow(setting: setting, cells: []) }
        let reference = try VerificationRun(plan, setting.shards, dataset: dataset, communicator: alone)
        return VerificationRow(
            setting: setting,
            cells: VerificationRun.Quantity.allCases.map { run.largestDifference(of: $0, from: reference) })
    }
}

/// A row of the table of `normtrain verify`.
struct VerificationRow {
    let setting: VerificationCase
    /// nil: the norm has no such quantity.
    let cells: [VerificationDifference?]

    /// Quantities that are not the same bits.
    var differences: Int { cells.count { $0.map { !$0.isNone } ?? false } }

    /// At most 100 columns wide.
    static func table(_ rows: [VerificationRow]) -> TextTable {
        TextTable(
            header: ["norm", "network", "optimiser", "shards"] + VerificationRun.Quantity.allCases.map(\.rawValue),
            rows: rows.map { row in
                let setting = row.setting
                return [setting.name, setting.model, setting.optimiser, setting.shards.rawValue] + row.cells.map(text)
            }, names: 4)
    }

    private static func text(_ difference: VerificationDifference?) -> String {
        guard let difference else { return "–" }
        return difference.isNone ? "0" : String(format: "%.0e", difference.largest)
    }
}
