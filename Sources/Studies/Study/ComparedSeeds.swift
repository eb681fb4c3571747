import Reports
import Runs
import Settings

extension Session {
    /// Trains the norms of a comparison with several seeds each: the smallest study there is.
    ///
    /// - Parameters:
    ///   - draft: of the comparison. Without a number of workers there are as many as ranks, however the seeds are spread
    ///     over them.
    ///   - seeds: how many; they count from that of the configuration.
    ///   - output: the folder; nil for one named after the moment.
    ///   - telemetry: whether to record how far the workers' statistics are from the global ones.
    public func compare(
        _ draft: ConfigurationDraft, seeds: Int, output: String?, quiet: Bool, telemetry: Bool = false
    ) throws {
        let checked = try validated(draft, for: .compare)
        let base = try agree {
            var base = draft
            try base.set("workers", to: "\(checked.workerCount(ranks: communicator.size))", option: "--workers")
            return base
        }
        let norms = checked.compare.norms
        let axis = StudyAxis(
            name: "norm", keys: ["normalization.norm"],
            levels: norms.map { StudyLevel(label: $0, key: "normalization.norm", value: $0) })
        let others = norms.contains("syncbn") ? norms.filter { $0 != "syncbn" } : []
        let design = StudyDesign(
            name: "compare", question: "How much do the norms differ over \(seeds) seeds?", base: base, axes: [axis],
            seeds: Array(checked.seed..<checked.seed + seeds),
            contrasts: others.map { StudyContrast(name: "\($0) against syncbn", first: [$0], second: ["syncbn"]) })
        var execution = StudyExecution()
        execution.output = try output ?? newFolder(for: "compare")
        (execution.isQuiet, execution.telemetry) = (quiet, telemetry)
        try study(design, execution)
    }
}
