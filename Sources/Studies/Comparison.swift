import Datasets
import Files
import Reports
import Runs
import Settings
import Training

extension Session {
    /// Trains each variant of a configuration from the same initial weights on the same batches, and prints the table.
    ///
    /// - Parameters:
    ///   - output: the folder to write; nil for one named after the moment.
    ///   - profile: whether to tell where the time of each variant goes.
    ///   - resuming: whether finished variants in the folder are kept and interrupted ones go on.
    public func compare(
        _ draft: ConfigurationDraft, output: String?, quiet: Bool, profile: Bool = false, resuming: Bool = false
    ) throws {
        let profiling = profile ? Profiling(communicator) : nil
        let (checked, dataset) = try prepare(draft, for: .compare)
        let plans = checked.norms(of: .compare).map { RunPlan(checked, norm: $0, ranks: communicator.size) }
        if !resuming { try requireTrainable(plans, dataset: dataset) }
        let folder = RunFolder(path: output ?? RunFolder.defaultPath(command: "compare"))
        let results = try filling(folder) {
            let configuration = checked.resolved(ranks: communicator.size)
            if !resuming {
                try onFirst {
                    try folder.forgetEarlierRun()
                    for plan in plans { try folder.subfolder(plan.norm).forgetEarlierRun() }
                }
            }
            if checked.training.checkpointEvery > 0 { try onFirst { try folder.begin(configuration) } }
            let results: [RunResult]
            do {
                results = try plans.map {
                    try run($0, dataset: dataset, in: folder, quiet: quiet, profiling: profiling, resuming: resuming)
                }
            } catch let interruption as Interrupted {
                try onFirst { try folder.begin(configuration) }
                throw Interrupted(folder: folder.path, step: interruption.step)
            }
            try onFirst { try folder.write(configuration, ComparedRuns(runs: results)) }
            return results
        }
        try printResults(in: folder) {
            try StandardOutput.show(heading(checked, dataset))
            try StandardOutput.show(ComparisonTable(results: results))
            if let verdict = Verdict(results, testImages: dataset.test.count) {
                try StandardOutput.show("\n" + wrapped(verdict.description))
            }
            for table in profiling?.tables ?? [] { try StandardOutput.show("\n\(table)") }
        }
    }

    /// Trains one of the variants; an error names it.
    private func run(
        _ plan: RunPlan, dataset: Dataset, in folder: RunFolder, quiet: Bool, profiling: Profiling?, resuming: Bool
    ) throws -> RunResult {
        let subfolder = folder.subfolder(plan.norm)
        if resuming, try sameEverywhere(RegularFile.exists(subfolder.resultPath), of: subfolder) {
            return try agree {
                let draft = try ConfigurationDraft(path: subfolder.configurationPath)
                try require(draft, toBeThatOf: plan, in: subfolder)
                return try subfolder.result()
            }
        }
        let checkpoint = resuming ? try newestCheckpoint(in: subfolder, isRequired: false) : nil
        if let checkpoint {
            try agree {
                let draft = try ConfigurationDraft(yaml: checkpoint.header.configuration, file: subfolder.path)
                try require(draft, toBeThatOf: plan, in: subfolder)
            }
        }
        let progress = Progress(isShown: isFirst && !quiet)
        do {
            return try filling(subfolder) {
                try run(
                    plan, dataset: dataset, command: "compare", folder: subfolder, progress: progress, from: checkpoint,
                    profiling: profiling)
            }
        } catch let error as TrainingError {
            throw AgreedFailure(rank: nil, message: "\(plan.norm): \(error)")
        }
    }
}
