import Yams

/// A study before it is carried out: what is varied from which configuration, over which seeds, and what is held against
/// what.
public struct StudyDesign {
    /// What it is called.
    public let name: String
    /// What it asks, in a sentence; empty where the file does not say.
    public let question: String
    /// What is varied. Each combination of their levels is trained with each seed.
    public let axes: [StudyAxis]
    /// The replicates, each a number for the configuration's `seed`.
    public let seeds: [Int]
    /// What is held against what.
    public let contrasts: [StudyContrast]
    /// What all trials have in common.
    public let base: ConfigurationDraft

    /// A study of a configuration.
    ///
    /// - Parameters:
    ///   - axes: with distinct names, each with a level or more.
    ///   - seeds: distinct.
    public init(
        name: String, question: String = "", base: ConfigurationDraft, axes: [StudyAxis], seeds: [Int],
        contrasts: [StudyContrast] = []
    ) {
        self.name = name
        self.question = question
        self.base = base
        self.axes = axes
        self.seeds = seeds
        self.contrasts = contrasts
    }

    /// What its folder is called: its name as far as file systems are at ease with it.
    public var folderName: String {
        "study-" + String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-" })
    }

    /// How many seeds there are when nobody says: with eight an exact paired test can reach p = 0.0078.
    public static let standardSeeds = 8

    /// All trials. Seeds change slowest, so that a study that ends early has complete pairs.
    ///
    /// - Throws: `ConfigurationError` when a level has a value that its key does not take.
    public func trials() throws -> [StudyTrial] {
        let combinations = try axes.reduce([StudyTrial(levels: [], seed: 0, draft: base)]) { trials, axis in
            try trials.flatMap { trial in try axis.levels.map { try trial.adding($0) } }
        }
        return try seeds.flatMap { seed in try combinations.map { try $0.with(seed: seed) } }
    }
}

/// Something that is varied: a key of the configuration, or several that move together.
public struct StudyAxis: Equatable {
    /// What it is called in labels and contrasts.
    public let name: String
    /// What stands beside it in figures.
    public let title: String
    /// Its keys.
    public let keys: [String]
    /// Its values.
    public let levels: [StudyLevel]

    /// An axis with a level or more.
    ///
    /// - Parameter title: nil for the name.
    public init(name: String, title: String? = nil, keys: [String], levels: [StudyLevel]) {
        self.name = name
        self.title = title ?? name
        self.keys = keys
        self.levels = levels
    }
}

/// One value of an axis.
public struct StudyLevel: Equatable {
    /// What it is called, unique in its axis.
    public let label: String
    /// The values of the axis' keys.
    let settings: [StudySetting]

    init(label: String, settings: [StudySetting]) {
        self.label = label
        self.settings = settings
    }

    /// The level of an axis with a single key.
    public init(label: String, key: String, value: String) {
        self.label = label
        settings = [StudySetting(key: key, node: Node(value), place: .builtIn)]
    }
}

/// A value for a key, and where it stands.
struct StudySetting: Equatable {
    let key: String
    let node: Node
    let place: ConfigurationPlace
}

/// One training of a study.
public struct StudyTrial: Sendable {
    /// The label of its level on each axis.
    public let levels: [String]
    /// Its seed.
    public let seed: Int
    /// Its configuration.
    public let draft: ConfigurationDraft

    fileprivate func adding(_ level: StudyLevel) throws -> StudyTrial {
        var draft = draft
        for setting in level.settings { try draft.set(setting.key, to: setting.node, at: setting.place) }
        return StudyTrial(levels: levels + [level.label], seed: seed, draft: draft)
    }

    fileprivate func with(seed: Int) throws -> StudyTrial {
        var draft = draft
        try draft.set("seed", to: seed.node, at: .builtIn)
        return StudyTrial(levels: levels, seed: seed, draft: draft)
    }
}

/// Two settings that are compared over the seeds that both were trained with.
public struct StudyContrast: Equatable, Sendable {
    /// What it is called.
    public let name: String
    /// The label of a level on each axis, in the order of the axes.
    public let first: [String]
    /// The same of what it is held against.
    public let second: [String]
    /// The score that counts: a number of wrong answers.
    public let score: String
    /// What it is held against; nil: nothing was claimed.
    public let claim: StudyClaim?
    /// Where the claim comes from; empty where the file does not say.
    public let source: String

    /// Two settings.
    public init(
        name: String, first: [String], second: [String], score: String = Self.standardScore, claim: StudyClaim? = nil,
        source: String = ""
    ) {
        self.name = name
        self.first = first
        self.second = second
        self.score = score
        self.claim = claim
        self.source = source
    }

    /// Wrongly classified test images.
    public static let standardScore = "wrong_test_images"
}

/// What somebody expects of the first setting of a contrast.
public enum StudyClaim: Equatable, Sendable {
    /// It errs more than the second.
    case higher
    /// It errs less.
    case lower
    /// They differ by no more than a margin, in percentage points.
    case equivalent(margin: Double)
    /// They come to the same weights, bit for bit.
    case identical
}
