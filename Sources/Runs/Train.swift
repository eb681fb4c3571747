import Datasets
import Files
import Reports
import Settings
import Training

extension Session {
    /// Trains the one variant of a configuration.
    ///
    /// - Parameters:
    ///   - output: the folder to write; nil for one named after the moment.
    ///   - profile: whether to tell where the time goes.
    ///   - telemetry: whether to record how far the workers' statistics are from the global ones.
    public func train(
        _ draft: ConfigurationDraft, output: String?, quiet: Bool, profile: Bool = false, telemetry: Bool = false
    ) throws {
        let profiling = profile ? Profiling(communicator) : nil
        let (checked, dataset) = try prepare(draft, for: .train)
        let plan = RunPlan(checked, norm: checked.normalization.norm, ranks: communicator.size)
        let conditions = try conditions(of: dataset)
        try holding(output, command: "train") { folder in
            let outcome = try run(
                plan, dataset: dataset, conditions, command: "train", folder: folder,
                progress: Progress(isShown: isFirst && !quiet), profiling: profiling, hasTelemetry: telemetry)
            try show([outcome], checked, dataset, profiling, folder, isQuiet: quiet)
        }
    }

    /// Goes on with an interrupted run from a checkpoint.
    ///
    /// - Parameter folder: held by now.
    package func resume(
        _ checkpoint: Checkpoint, _ draft: ConfigurationDraft, in folder: RunFolder, quiet: Bool, profile: Bool
    ) throws {
        let profiling = profile ? Profiling(communicator) : nil
        let (checked, dataset) = try prepare(draft, for: .train)
        let plan = RunPlan(checked, norm: checked.normalization.norm, ranks: communicator.size)
        let outcome = try run(
            plan, dataset: dataset, conditions(of: dataset), command: checkpoint.header.command, folder: folder,
            progress: Progress(isShown: isFirst && !quiet), from: checkpoint, profiling: profiling)
        try show([outcome], checked, dataset, profiling, folder, isQuiet: quiet)
    }

    /// The table of runs of one configuration.
    package func table(of outcomes: [RunOutcome], _ configuration: Configuration) throws -> ComparisonTable {
        ComparisonTable(results: outcomes.map(\.result), scores: try configuration.taskType.tableScores)
    }

    /// Prints what runs came to, whether or not all of it could be written.
    ///
    /// - Parameters:
    ///   - conclusion: what is to stand below the table.
    ///   - isQuiet: whether nobody asked what to look at next.
    /// - Throws: `AgreedFailure` when something could not be written.
    package func show(
        _ outcomes: [RunOutcome], _ configuration: Configuration, _ dataset: Dataset, _ profiling: Profiling?,
        _ folder: RunFolder, conclusion: String? = nil, isQuiet: Bool
    ) throws {
        let failure = outcomes.lazy.compactMap(\.writeFailure).first
        try printResults(in: folder) {
            try StandardOutput.show(heading(configuration, dataset))
            try StandardOutput.show(try table(of: outcomes, configuration))
            if let conclusion { try StandardOutput.show("\n\(conclusion)") }
            for table in profiling?.tables ?? [] { try StandardOutput.show("\n\(table)") }
            if failure == nil { try StandardOutput.show("\nWritten to \(folder.path).") }
            if failure == nil, !isQuiet, let next = folder.nextLine { try StandardOutput.show(next) }
        }
        if let failure { throw failure }
    }
}
