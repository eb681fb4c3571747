import Settings

/// What `normtrain bench` measures: a list of several values means a row for each combination.
public struct BenchmarkSettings: Sendable {
    /// The keys that take lists, in the order in which they change: the first slowest.
    public static let listKeys = [
        "workers", "training.batch", "model.name", "normalization.norm", "training.optimiser", "training.reduction",
        "model.convolution",
    ]
    /// The keys that are the same in all rows.
    public static let singleKeys = ["normalization.statistics", "dataset.name", "instructionSet"]
    /// What is measured of a key when nothing is given, where that is not its built-in default.
    public static let defaultLists = ["training.batch": "32", "normalization.norm": "bn,syncbn,gn,ln"]

    private let options: [KeyOption]
    /// Steps that are measured a row; nil for as many as take about five seconds.
    let steps: Int?

    /// - Parameters:
    ///   - options: what was typed for these keys.
    ///   - steps: how many are measured a row; nil for as many as take about five seconds.
    public init(options: [KeyOption] = [], steps: Int? = nil) {
        self.options = options
        self.steps = steps
    }

    /// The configuration of each row.
    ///
    /// - Throws: `ConfigurationError` for a text that is no value of its key.
    func drafts() throws -> [ConfigurationDraft] {
        var common = ConfigurationDraft()
        // Labels are random: nothing is learnt, and nothing may diverge.
        try common.set("training.learningRate=0.001")
        try common.set("training.schedule=constant")
        try common.set(options.filter { Self.singleKeys.contains($0.key) })
        return try Self.listKeys.reduce([common]) { drafts, key in
            guard let declaration = Configuration.key(key),
                let list = options.last(where: { $0.key == key })?.value ?? Self.defaultLists[key]
            else { return drafts }
            let values = list.split(separator: ",", omittingEmptySubsequences: false)
            return try drafts.flatMap { draft in
                try values.map { value in
                    var row = draft
                    try row.set([KeyOption(declaration, value: String(value))])
                    return row
                }
            }
        }
    }
}
