import Runs
import Settings
import Training

extension Session {
    /// Goes on with an interrupted run, on any number of ranks, from its newest checkpoint that is whole; it ends as if
    /// it had never stopped.
    ///
    /// - Parameters:
    ///   - path: the folder of a run, or of a comparison.
    ///   - options: what is to be otherwise than in the run's configuration.
    ///   - profile: whether to tell where the time of what is left goes.
    public func resume(_ path: String, options: [KeyOption], quiet: Bool, profile: Bool = false) throws {
        try onFirst { try RunFolder(path: path).requireUnfinished() }
        try holding(path, command: "resume") { folder in
            // Another process may have finished it before this one had the folder.
            let isComparison = try fromFirst {
                try folder.requireUnfinished()
                return try folder.description()?.kind == .compare
            }
            let checkpoint = isComparison ? nil : try newestCheckpoint(in: folder, isRequired: true)
            let stored = try checkpoint == nil ? draft(in: folder) : nil
            let draft = try agree {
                var draft =
                    try checkpoint.map { try ConfigurationDraft(yaml: $0.header.configuration, file: folder.path) }
                    ?? stored ?? ConfigurationDraft()
                try requireRanksFitting(draft, of: folder)
                try draft.set(options)
                return draft
            }
            if let checkpoint {
                try resume(checkpoint, draft, in: folder, quiet: quiet, profile: profile)
            } else {
                let (configuration, dataset) = try prepare(draft, for: .compare)
                let telemetry = try fromFirst { try folder.description()?.telemetry == true }
                try compare(
                    configuration, dataset, in: folder, quiet: quiet, profile: profile, telemetry: telemetry,
                    resuming: true)
            }
        }
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
        // Stored as it is from any folder, and known by its digest.
        begun.model.initialWeights = plan.configuration.model.initialWeights
        // Every key has a line in both, in the same order.
        let lines = try [begun, plan.configuration].map { try $0.yaml().split(separator: "\n") }
        guard let (found, wanted) = zip(lines[0], lines[1]).first(where: { $0 != $1 }) else { return }
        throw RunFolderError.otherConfiguration(
            path: folder.path, found: found.trimmingCharacters(in: .whitespaces),
            wanted: wanted.trimmingCharacters(in: .whitespaces))
    }
}
