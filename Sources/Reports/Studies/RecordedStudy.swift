/// What a study has left in its folder, read back for a report.
public struct RecordedStudy: Equatable, Sendable {
    /// What it is called.
    public var name: String
    /// What it asks; empty where its file does not say.
    public var question: String
    /// What was varied.
    public var axes: [VariedAxis]
    /// The replicates.
    public var seeds: [Int]
    /// What was held against what, with all that was found.
    public var contrasts: [Contrast]
    /// Its trials, seeds slowest.
    public var trials: [Trial]
    /// How it was made.
    public var provenance: Provenance

    /// Something that was varied.
    public struct VariedAxis: Equatable, Sendable {
        /// What it is called in labels.
        public var name: String
        /// What stands beside it in a figure.
        public var title: String
        /// Its levels.
        public var levels: [String]

        /// Something that was varied.
        public init(name: String, title: String, levels: [String]) {
            self.name = name
            self.title = title
            self.levels = levels
        }
    }

    /// One training.
    public struct Trial: Equatable, Sendable {
        /// `norm=bn,batch=2,seed=3`.
        public var label: String
        /// The label of its level on each axis.
        public var levels: [String]
        /// Its seed.
        public var seed: Int
        /// What became of it, in a word.
        public var state: String
        /// Why it failed or diverged; nil otherwise.
        public var reason: String?
        /// Its folder, named from that of the study.
        public var folder: String
        /// What it came to; nil unless it is finished.
        public var result: RunResult?
        /// A row for each epoch after which it was evaluated.
        public var epochs: RecordTable?
        /// A row for each layer and recorded step: how far the statistics of workers were from the global ones.
        public var distances: RecordTable?

        /// One training of which only this is known.
        public init(label: String, levels: [String], seed: Int, state: String, folder: String) {
            self.label = label
            self.levels = levels
            self.seed = seed
            self.state = state
            self.folder = folder
        }
    }

    /// A study.
    public init(
        name: String, question: String, axes: [VariedAxis], seeds: [Int], contrasts: [Contrast], trials: [Trial],
        provenance: Provenance
    ) {
        self.name = name
        self.question = question
        self.axes = axes
        self.seeds = seeds
        self.contrasts = contrasts
        self.trials = trials
        self.provenance = provenance
    }
}

/// A setting of a study: its trials over the seeds.
struct StudySetting {
    let levels: [String]
    /// Those with a result, by seed.
    let trials: [RecordedStudy.Trial]

    /// The mean of a figure over the seeds that have it.
    func estimate(_ figure: (RecordedStudy.Trial) -> Double?) -> MeanEstimate? {
        MeanEstimate(trials.compactMap { trial in figure(trial).map { (trial.seed, $0) } })
    }
}

extension RecordedStudy {
    /// The settings in the order of the study.
    var settings: [StudySetting] {
        var levels: [[String]] = []
        for trial in trials where !levels.contains(trial.levels) { levels.append(trial.levels) }
        return levels.map { levels in
            StudySetting(levels: levels, trials: trials.filter { $0.levels == levels && $0.result != nil })
        }
    }

    /// The axes that have more than one level, by their places.
    var variedAxes: [Int] { axes.indices.filter { axes[$0].levels.count > 1 } }

    /// What a setting is called, but for some axes; empty when no other axis is varied.
    func name(of levels: [String], without left: Set<Int> = []) -> String {
        variedAxes.filter { !left.contains($0) }.map { "\(axes[$0].name)=\(levels[$0])" }.joined(separator: ", ")
    }

    /// The same in few words, for the end of a line: the levels alone.
    func shortName(of levels: [String], without left: Set<Int> = []) -> String {
        variedAxes.filter { !left.contains($0) }.map { levels[$0] }.joined(separator: ", ")
    }
}
