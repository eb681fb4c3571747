/// What `normtrain bench` measures, as it was typed: a list of several values means a row for each combination.
public struct BenchmarkSettings: Sendable {
    /// Norms, for example `bn,syncbn`.
    public var norms = "bn,syncbn,gn,ln"
    /// Images per worker.
    public var batches = "32"
    /// Logical devices; nil for as many as ranks.
    public var workers: String?
    /// How sums are taken.
    public var reductions: String?
    /// How convolutions are computed.
    public var convolutions: String?
    /// Who shares the statistics of batch norm.
    public var statistics: String?
    /// Whose shape the images have.
    public var dataset: String?
    /// What oneDNN computes with.
    public var instructionSet: String?
    /// Steps that are measured a row; nil for as many as take about five seconds.
    public var steps: Int?

    /// The built-in default.
    public init() {}

    /// The configuration of each row: workers change slowest, then batch, norm, reduction and convolution.
    ///
    /// - Throws: `ConfigurationError` for a text that is no value of its key.
    func drafts() throws -> [ConfigurationDraft] {
        var common = ConfigurationDraft()
        // Labels are random: nothing is learnt, and nothing may diverge.
        try common.set("training.learningRate=0.001")
        try common.set("training.schedule=constant")
        let single: [(key: String, value: String?, option: String)] = [
            ("normalization.statistics", statistics, "--statistics"), ("dataset.name", dataset, "--dataset"),
            ("instructionSet", instructionSet, "--isa"),
        ]
        for (key, value, option) in single {
            if let value { try common.set(key, to: value, option: option) }
        }
        let lists: [(key: String, list: String?, option: String)] = [
            ("workers", workers, "--workers"), ("training.batch", batches, "--batch"),
            ("normalization.norm", norms, "--norm"), ("training.reduction", reductions, "--reduction"),
            ("model.convolution", convolutions, "--convolution"),
        ]
        return try lists.reduce([common]) { drafts, option in
            guard let list = option.list else { return drafts }
            return try drafts.flatMap { draft in
                try list.split(separator: ",", omittingEmptySubsequences: false).map { value in
                    var row = draft
                    try row.set(option.key, to: String(value), option: option.option)
                    return row
                }
            }
        }
    }
}
