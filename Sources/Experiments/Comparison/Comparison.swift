import Models

extension Session {
    /// Trains each variant of a configuration from the same initial weights on the same batches, and prints the table.
    ///
    /// - Parameter output: the folder to write; nil for one named after the moment.
    public func compare(_ draft: ConfigurationDraft, output: String?, quiet: Bool) throws {
        let (checked, dataset) = try prepare(draft, for: .compare)
        let plans = checked.norms(of: .compare).map { RunPlan(checked, norm: $0, ranks: communicator.size) }
        let folder = try makeFolder(output, command: "compare")
        try onFirst { try folder.write(checked.resolved(ranks: communicator.size)) }
        let progress = Progress(isShown: isFirst && !quiet)
        var results: [RunResult] = []
        for plan in plans {
            let subfolder = try makeSubfolder(folder, plan.norm.rawValue)
            results.append(
                try run(plan, dataset: dataset, command: "compare", folder: subfolder, progress: progress))
        }
        try onFirst { try folder.write(ComparisonResult(runs: results)) }
        guard isFirst else { return }
        print(heading(checked, dataset))
        print(ComparisonTable(results: results))
        if let verdict = Verdict(results, testImages: dataset.test.count) { print("\n" + wrapped(verdict.description)) }
        print("\nWritten to \(folder.path).")
    }
}
