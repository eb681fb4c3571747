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
    /// - Parameter draft: how sums are taken (`float` shows what the exact ones are for), and what oneDNN computes with.
    /// - Throws: `AgreedFailure` on any difference, after the table.
    public func verify(_ draft: ConfigurationDraft) throws {
        var configuration = draft.configuration
        try choose(configuration.instructionSet)
        configuration.workers = max(4, 2 * communicator.size)
        let alone = try communicator.split(color: communicator.rank, key: 0, for: "ranks alone")
        var datasets: [String: Dataset] = [:]
        var refused: [String] = []
        let rows = try VerificationCase.all.compactMap { setting -> VerificationRow? in
            let source = try agree { try setting.images }
            let dataset = try datasets[source.name] ?? agree { try source.verified() }
            datasets[source.name] = dataset
            configuration.dataset.name = source.name
            do {
                return try row(setting, dataset, configuration, alone)
            } catch TrainingError.singleValue {
                // The same on every rank; users can't train it either.
                refused.append("\(setting.name) in \(setting.model)")
                return nil
            }
        }
        let leftOut =
            refused.isEmpty
            ? ""
            : "\n\nNot trained, since variances of single values are no statistics: \(refused.joined(separator: ", "))."
        try conclude(
            rows, workers: configuration.workerCount(ranks: communicator.size), "\(VarianceTable())\(leftOut)")
    }

    private func row(
        _ setting: VerificationCase, _ dataset: Dataset, _ configuration: Configuration, _ alone: Communicator
    ) throws -> VerificationRow {
        var configuration = configuration
        configuration.model.name = setting.model
        configuration.training.optimiser = setting.optimiser
        configuration.normalization.statistics = setting.statistics
        let plan = RunPlan(configuration, norm: setting.norm, ranks: communicator.size)
        let run = try VerificationRun(plan, setting, dataset: dataset, communicator: communicator)
        let reference = try agree {
            isFirst ? try VerificationRun(plan, setting, dataset: dataset, communicator: alone) : nil
        }
        return VerificationRow(
            norm: setting.name, configuration: plan.configuration, images: dataset.train.shape,
            shards: setting.shards.rawValue, run, reference)
    }

    /// Prints the table, and what it comes to.
    ///
    /// - Parameter note: what else is to be told; nil for nothing.
    func conclude(_ rows: [VerificationRow], workers: Int, steps: Int = VerificationRun.steps, _ note: String?) throws {
        let differences = try communicator.broadcast(
            rows.reduce(0) { $0 + $1.differences }, root: 0, for: "the differences")
        try onFirst {
            try StandardOutput.show(
                """
                \(counted(workers, "worker")) on \(counted(communicator.size, "rank")) \
                against one rank: largest difference after \(counted(steps, "step")) (0: the same bits)

                \(VerificationRow.table(rows))

                """)
            if let note { try StandardOutput.show("\(note)\n") }
        }
        guard differences == 0 else {
            throw AgreedFailure(
                rank: nil,
                message: "\(counted(differences, "quantity", "quantities")) differ from the run on one rank.")
        }
        try onFirst {
            try StandardOutput.show("All are the same bits on \(counted(communicator.size, "rank")) as on one.")
        }
        tellNext("the whole training, with \(command("train", ranks: communicator.size)) or compare.")
    }
}

extension DatasetSource {
    /// The embedded images, or as many random ones as a few steps need: no files are needed.
    fileprivate func verified() throws -> Dataset {
        usualFolder == nil ? try load() : synthetic(images: 512)
    }
}
