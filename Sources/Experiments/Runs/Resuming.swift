import Datasets
import Foundation
import Training

extension Session {
    /// Goes on with an interrupted run, on any number of ranks, from its newest checkpoint that is whole; it ends as if
    /// it had never stopped.
    ///
    /// - Parameters:
    ///   - path: the folder of a run, or of a comparison.
    ///   - data: where the data set's files are; nil for where they were.
    ///   - instructionSet: what oneDNN computes with; nil for what the configuration of the run says.
    public func resume(_ path: String, data: String?, instructionSet: String?, quiet: Bool) throws {
        let folder = RunFolder(path: path)
        try agree { try folder.requireUnfinished() }
        let isComparison = try sameEverywhere(folder.isComparison, of: folder)
        if let checkpoint = try newestCheckpoint(in: folder, isRequired: !isComparison) {
            let draft = try agree {
                let draft = try ConfigurationDraft(yaml: checkpoint.header.configuration, file: folder.path)
                try requireRanksFitting(draft, of: folder)
                return try draft.moved(data: data, instructionSet: instructionSet)
            }
            try resume(checkpoint, draft, in: folder, quiet: quiet)
        } else {
            let draft = try agree {
                let draft = try ConfigurationDraft(path: folder.configurationPath)
                try requireRanksFitting(draft, of: folder)
                return try draft.moved(data: data, instructionSet: instructionSet)
            }
            try compare(draft, output: path, quiet: quiet, resuming: true)
        }
    }

    private func resume(
        _ checkpoint: Checkpoint, _ draft: ConfigurationDraft, in folder: RunFolder, quiet: Bool
    ) throws {
        let (checked, dataset) = try prepare(draft, for: .train)
        let plan = RunPlan(checked, norm: checked.normalization.norm, ranks: communicator.size)
        logger.info("going on after step \(checkpoint.header.step) of \(folder.path).")
        let result = try run(
            plan, dataset: dataset, command: checkpoint.header.command, folder: folder,
            progress: Progress(isShown: isFirst && !quiet), from: checkpoint)
        guard isFirst else { return }
        print(heading(checked, dataset))
        print(ComparisonTable(results: [result]))
        print("\nWritten to \(folder.path).")
    }

    /// - Throws: `RunFolderError.tooManyRanks` when some rank would host no worker of the run.
    private func requireRanksFitting(_ draft: ConfigurationDraft, of folder: RunFolder) throws {
        guard let workers = draft.configuration.workers, workers < communicator.size else { return }
        throw RunFolderError.tooManyRanks(path: folder.path, workers: workers, ranks: communicator.size)
    }

    /// Refuses to go on with what a variant of a comparison has left when it was trained otherwise than the comparison
    /// now asks for: the table would compare what can't be compared.
    ///
    /// - Parameters:
    ///   - draft: what the variant was begun with.
    ///   - folder: the variant's folder.
    /// - Throws: `RunFolderError.otherConfiguration` naming the first line that differs.
    func require(_ draft: ConfigurationDraft, toBeThatOf plan: RunPlan, in folder: RunFolder) throws {
        // What may change between two starts: it does not change the variant, or is checked on its own.
        var begun = draft.configuration
        begun.instructionSet = plan.configuration.instructionSet
        begun.dataset.directory = plan.configuration.dataset.directory
        begun.training.checkpointEvery = plan.configuration.training.checkpointEvery
        begun.compare = plan.configuration.compare
        // Every key has a line in both, in the same order.
        let lines = try [begun, plan.configuration].map { try $0.yaml().split(separator: "\n") }
        guard let (found, wanted) = zip(lines[0], lines[1]).first(where: { $0 != $1 }) else { return }
        throw RunFolderError.otherConfiguration(
            path: folder.path, found: found.trimmingCharacters(in: .whitespaces),
            wanted: wanted.trimmingCharacters(in: .whitespaces))
    }

    /// A fact about a run's folder that decides what comes next.
    ///
    /// - Throws: `AgreedFailure` when it is another on some rank: they would go different ways.
    func sameEverywhere(_ fact: Bool, of folder: RunFolder) throws -> Bool {
        try requireSame(
            "\(fact)",
            orFailWith: "\(folder.path): this rank finds another run than rank 0: give all hosts the same folder.")
        return fact
    }

    /// The newest whole checkpoint of a run, the same on every rank; a notice tells which newer ones are damaged.
    ///
    /// - Parameter isRequired: whether it is an error to have none.
    func newestCheckpoint(in folder: RunFolder, isRequired: Bool) throws -> Checkpoint? {
        if !isRequired, try sameEverywhere(folder.checkpoints.isEmpty, of: folder) { return nil }
        let checkpoint = try agree {
            try folder.checkpoints.newest { error, olderOneFollows in
                logger.warning("\(error)\(olderOneFollows ? " An older one is tried." : "")")
            }
        }
        try requireSame(
            "\(checkpoint.header.step)",
            orFailWith: "\(folder.path): this rank finds other checkpoints than rank 0: give all hosts the same folder."
        )
        return checkpoint
    }
}

extension ConfigurationDraft {
    /// The configuration of a run that goes on elsewhere.
    ///
    /// - Parameters:
    ///   - data: where the data set's files are; nil for where they were.
    ///   - instructionSet: what oneDNN computes with; nil for what the configuration says.
    func moved(data: String?, instructionSet: String?) throws -> ConfigurationDraft {
        var draft = self
        if let data { try draft.set("dataset.directory", to: data, option: "--data") }
        if let instructionSet { try draft.set("instructionSet", to: instructionSet, option: "--isa") }
        return draft
    }
}

extension RunFolder {
    /// The run's checkpoints.
    var checkpoints: CheckpointFolder { CheckpointFolder(path: path) }

    /// Whether a comparison was begun here.
    var isComparison: Bool {
        let files = FileManager.default
        return files.fileExists(atPath: configurationPath) && !files.fileExists(atPath: metricsPath)
            && checkpoints.isEmpty
    }

    /// Takes away what an earlier run left that resuming this one would take for its own.
    func forgetEarlierRun() throws {
        try removeResult()
        try checkpoints.removeAll()
    }

    /// - Throws: `RunFolderError` when there is nothing to go on with.
    func requireUnfinished() throws {
        guard FileManager.default.fileExists(atPath: path) else { throw RunFolderError.missing(path: path) }
        if FileManager.default.fileExists(atPath: resultPath) { throw RunFolderError.finished(path: path) }
    }
}
