/// What a run has left in its folder, read back for a report. What is missing there is nil or empty here.
public struct RecordedRun: Equatable, Sendable {
    /// The norm.
    public var norm: String
    /// The data set.
    public var dataset: String
    /// What it came to; nil when it has not ended, or not well.
    public var result: RunResult?
    /// Where there is no result: what became of the run, as a sentence.
    public var ending: String?
    /// The keys of its configuration that options stand for, and their values.
    public var settings: [Provenance.Fact] = []
    /// A row a step: `step`, `loss`, `rate`, `seconds`.
    public var steps: RecordTable?
    /// A row for each layer and recorded step: how far the statistics of workers were from the global ones.
    public var distances: RecordTable?
    /// A row for each epoch after which it was evaluated: `epoch`, and what the task says of it.
    public var epochs: RecordTable?
    /// Where the time of its steps went, of each rank.
    public var profiles: [RankProfile] = []
    /// How it was made.
    public var provenance: Provenance

    /// A run of which only this is known.
    public init(norm: String, dataset: String, provenance: Provenance) {
        self.norm = norm
        self.dataset = dataset
        self.provenance = provenance
    }
}

/// What a comparison has left in its folder.
public struct RecordedComparison: Equatable, Sendable {
    /// The data set.
    public var dataset: String
    /// Its runs, in the order of training.
    public var runs: [Variant]
    /// Test images that the runs were scored on; nil where the files don't tell.
    public var testImages: Int?
    /// Where it has not ended well: what became of it, as a sentence.
    public var ending: String?
    /// The keys of its configuration that options stand for, and their values.
    public var settings: [Provenance.Fact]
    /// How it was made.
    public var provenance: Provenance

    /// A run of a comparison.
    public struct Variant: Equatable, Sendable {
        /// Its folder, named from that of the comparison.
        public var folder: String
        /// Whether it has a report of its own there.
        public var hasReport: Bool
        /// What it left.
        public var run: RecordedRun

        /// A run of a comparison.
        public init(folder: String, hasReport: Bool, run: RecordedRun) {
            self.folder = folder
            self.hasReport = hasReport
            self.run = run
        }
    }

    /// A comparison.
    public init(
        dataset: String, runs: [Variant], testImages: Int?, ending: String?, settings: [Provenance.Fact],
        provenance: Provenance
    ) {
        self.dataset = dataset
        self.runs = runs
        self.testImages = testImages
        self.ending = ending
        self.settings = settings
        self.provenance = provenance
    }
}
