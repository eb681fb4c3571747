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
    ///   - telemetry: whether to record how far the workers' statistics are from the global ones.
    public func compare(
        _ draft: ConfigurationDraft, output: String?, quiet: Bool, profile: Bool = false, telemetry: Bool = false
    ) throws {
        let (configuration, dataset) = try prepare(draft, for: .compare)
        try holding(output, command: "compare") { folder in
            try compare(
                configuration, dataset, in: folder, quiet: quiet, profile: profile, telemetry: telemetry,
                resuming: false)
        }
    }

    /// Trains the variants that are missing in a folder.
    ///
    /// - Parameters:
    ///   - checked: prepared, with its images.
    ///   - folder: held by now.
    ///   - telemetry: whether variants that begin have `telemetry.csv`.
    ///   - resuming: whether finished variants in the folder are kept and interrupted ones go on.
    func compare(
        _ checked: Configuration, _ dataset: Dataset, in folder: RunFolder, quiet: Bool, profile: Bool,
        telemetry: Bool, resuming: Bool
    ) throws {
        let comparison = Comparison(
            plans: checked.norms(of: .compare).map { RunPlan(checked, norm: $0, ranks: communicator.size) },
            dataset: dataset, conditions: try conditions(of: dataset), folder: folder, isQuiet: quiet,
            isResuming: resuming, profiling: profile ? Profiling(communicator) : nil, hasTelemetry: telemetry)
        if resuming {
            try requireVariants(toBeThoseOf: comparison)
            if let before = try fromFirst({ try folder.description()?.conditions }) {
                try requireSame(before, asNow: comparison.conditions, of: dataset, in: folder)
            }
        } else {
            try requireTrainable(comparison.plans, dataset: dataset)
            for plan in comparison.plans { try forgetEarlierRun(in: folder.subfolder(plan.norm)) }
        }
        let configuration = checked.resolved(ranks: communicator.size)
        var description = try RunDescription(
            .compare, configuration, comparison.conditions, ranks: communicator.size)
        if telemetry { description.telemetry = true }
        try describing(folder, as: description, configuration, isNew: !resuming) {
            let outcomes = try train(comparison, checked)
            let verdict = Verdict(outcomes.map(\.result), testImages: dataset.test.count)
            try show(
                outcomes, checked, dataset, comparison.profiling, folder,
                conclusion: verdict.map { wrapped($0.description) }, isQuiet: quiet)
        }
    }

    /// Fails before anything is trained when a variant was begun with another configuration.
    private func requireVariants(toBeThoseOf comparison: Comparison) throws {
        for plan in comparison.plans {
            let folder = comparison.folder.subfolder(plan.norm)
            guard try fromFirst({ folder.hasConfiguration }) else { continue }
            let stored = try draft(in: folder)
            try agree { try require(stored, toBeThatOf: plan, in: folder) }
        }
    }

    /// Trains the variants one after the other, and writes what they came to.
    ///
    /// When one fails, those that are finished are printed: they are no worse for it.
    private func train(_ comparison: Comparison, _ configuration: Configuration) throws -> [RunOutcome] {
        var outcomes: [RunOutcome] = []
        do {
            for plan in comparison.plans { outcomes.append(try run(plan, of: comparison)) }
        } catch let interruption as Interrupted {
            throw Interrupted(
                folder: comparison.folder.path, step: interruption.step, ranks: communicator.size)
        } catch {
            // No collective: the error may be this rank's alone. And it is what people must hear of.
            if isFirst, !outcomes.isEmpty, let table = try? table(of: outcomes, configuration) {
                try? StandardOutput.show("\(heading(configuration, comparison.dataset))\n\(table)")
            }
            throw error
        }
        guard outcomes.allSatisfy({ $0.writeFailure == nil }), let last = outcomes.last else { return outcomes }
        let folder = comparison.folder
        let runs = ComparedRuns(runs: outcomes.map(\.result), testImages: comparison.dataset.test.count)
        let failure = try failureToWrite { try folder.finish(runs) }
        if failure == nil { writeReport(in: folder) { try folder.comparisonRecord().report } }
        return outcomes.dropLast() + [RunOutcome(last.result, writeFailure: failure)]
    }

    /// Trains one of the variants, unless it is finished; an error names it.
    private func run(_ plan: RunPlan, of comparison: Comparison) throws -> RunOutcome {
        let subfolder = comparison.folder.subfolder(plan.norm)
        if comparison.isResuming, let result = try finishedResult(in: subfolder) { return RunOutcome(result) }
        return try holding(subfolder.path, command: "compare") { subfolder in
            var checkpoint: Checkpoint?
            if comparison.isResuming, let found = try newestCheckpoint(in: subfolder, isRequired: false) {
                try agree {
                    let draft = try ConfigurationDraft(yaml: found.header.configuration, file: subfolder.path)
                    try require(draft, toBeThatOf: plan, in: subfolder)
                }
                checkpoint = found
            }
            do {
                return try run(
                    plan, dataset: comparison.dataset, comparison.conditions, command: "compare", folder: subfolder,
                    progress: Progress(isShown: isFirst && !comparison.isQuiet), from: checkpoint,
                    profiling: comparison.profiling, hasTelemetry: comparison.hasTelemetry)
            } catch let error as TrainingError {
                throw VariantFailure(plan.norm, error)
            }
        }
    }

    /// The result of a variant that an earlier start of the comparison has finished.
    private func finishedResult(in folder: RunFolder) throws -> RunResult? {
        try fromFirst { try folder.isFinished() ? folder.result() : nil }
    }
}

/// What the variants of a comparison share.
private struct Comparison {
    let plans: [RunPlan]
    let dataset: Dataset
    let conditions: Conditions
    let folder: RunFolder
    let isQuiet: Bool
    let isResuming: Bool
    let profiling: Profiling?
    let hasTelemetry: Bool
}
