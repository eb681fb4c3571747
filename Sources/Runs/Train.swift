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
    public func train(_ draft: ConfigurationDraft, output: String?, quiet: Bool, profile: Bool = false) throws {
        let profiling = profile ? Profiling(communicator) : nil
        let (checked, dataset) = try prepare(draft, for: .train)
        let plan = RunPlan(checked, norm: checked.normalization.norm, ranks: communicator.size)
        let folder = RunFolder(path: output ?? RunFolder.defaultPath(command: "train"))
        let result = try filling(folder) {
            try run(
                plan, dataset: dataset, command: "train", folder: folder,
                progress: Progress(isShown: isFirst && !quiet), profiling: profiling)
        }
        try printResults(in: folder) {
            try StandardOutput.show(heading(checked, dataset))
            try StandardOutput.show(ComparisonTable(results: [result]))
            for table in profiling?.tables ?? [] { try StandardOutput.show("\n\(table)") }
        }
    }

    /// Goes on with an interrupted run from a checkpoint.
    package func resume(
        _ checkpoint: Checkpoint, _ draft: ConfigurationDraft, in folder: RunFolder, quiet: Bool
    ) throws {
        let (checked, dataset) = try prepare(draft, for: .train)
        let plan = RunPlan(checked, norm: checked.normalization.norm, ranks: communicator.size)
        logger.info("going on after step \(checkpoint.header.step) of \(folder.path).")
        let result = try run(
            plan, dataset: dataset, command: checkpoint.header.command, folder: folder,
            progress: Progress(isShown: isFirst && !quiet), from: checkpoint)
        try printResults(in: folder) {
            try StandardOutput.show(heading(checked, dataset))
            try StandardOutput.show(ComparisonTable(results: [result]))
        }
    }
}
