import Datasets
import Training

extension Session {
    /// Trains each variant of a configuration from the same initial weights on the same batches, and prints the table.
    ///
    /// - Parameter output: the folder to write; nil for one named after the moment.
    public func compare(_ draft: ConfigurationDraft, output: String?, quiet: Bool) throws {
        let (checked, dataset) = try prepare(draft, for: .compare)
        let plans = checked.norms(of: .compare).map { RunPlan(checked, norm: $0, ranks: communicator.size) }
        let folder = RunFolder(path: output ?? RunFolder.defaultPath(command: "compare"))
        let results = try filling(folder) {
            let results = try plans.map { try run($0, dataset: dataset, in: folder, quiet: quiet) }
            let configuration = checked.resolved(ranks: communicator.size)
            try onFirst { try folder.write(configuration, ComparisonResult(runs: results)) }
            return results
        }
        guard isFirst else { return }
        print(heading(checked, dataset))
        print(ComparisonTable(results: results))
        if let verdict = Verdict(results, testImages: dataset.test.count) { print("\n" + wrapped(verdict.description)) }
        print("\nWritten to \(folder.path).")
    }

    /// Trains one of the variants; an error names it.
    private func run(_ plan: RunPlan, dataset: Dataset, in folder: RunFolder, quiet: Bool) throws -> RunResult {
        let subfolder = folder.subfolder(plan.norm.rawValue)
        let progress = Progress(isShown: isFirst && !quiet)
        do {
            return try filling(subfolder) {
                try run(plan, dataset: dataset, command: "compare", folder: subfolder, progress: progress)
            }
        } catch let error as TrainingError {
            throw AgreedFailure(rank: nil, message: "\(plan.norm.rawValue): \(error)")
        }
    }
}
