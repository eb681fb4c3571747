import Files
import Reports
import Runs
import Settings

/// What the trials of a study have come to until now, as their folders tell.
struct StudyRecord {
    let design: StudyDesign
    let folder: StudyFolder
    /// In the order of the study.
    let trials: [(trial: Trial, state: TrialState, result: RunResult?)]

    /// - Throws: `FileError`, `RunFolderError`.
    init(_ design: StudyDesign, _ trials: [Trial], in folder: StudyFolder) throws {
        self.design = design
        self.folder = folder
        self.trials = try trials.map { trial in
            let state = try folder.state(of: trial)
            return (trial, state, state == .finished ? try folder.folder(of: trial).result() : nil)
        }
    }

    /// What the study in a folder has come to, by its files alone.
    ///
    /// - Throws: `NoStudy`; `FileError`; `ConfigurationError`; `RunFolderError`.
    init(of folder: StudyFolder) throws {
        let design = try folder.file().design()
        let trials = try design.trials().map {
            try Trial($0, axes: design.axes, ranks: 1, initialWeights: [:])
        }
        try self.init(design, trials, in: folder)
    }

    /// How many trials are in a state of that word.
    func count(of word: String) -> Int { trials.count { $0.state.word == word } }

    /// What one setting has come to, over the seeds that are finished.
    ///
    /// - Parameter score: a number of wrong answers.
    /// - Throws: `StatisticsError`; `MissingScore`.
    func errors(of levels: [String], score: String) throws -> [SeedErrors] {
        try trials.filter { $0.trial.levels == levels }.compactMap { trial, _, result in
            guard let result else { return nil }
            guard let wrong = result.scores[score], let all = result.scores[Self.total(of: score)] else {
                throw MissingScore(score: score, trial: trial.label)
            }
            return try SeedErrors(seed: trial.seed, wrongImages: Int(wrong), testImages: Int(all))
        }
    }

    /// `test_images` for `wrong_test_images`; nothing for a score that counts no wrong answers.
    private static func total(of score: String) -> String {
        score.contains("wrong_") ? score.replacing("wrong_", with: "") : ""
    }

    /// The contrasts of the study, with p-values for all of them together.
    func contrasts() throws -> [Contrast] {
        Contrast.family(
            try design.contrasts.map { contrast in
                PlannedContrast(
                    name: contrast.name, first: name(of: contrast.first), second: name(of: contrast.second),
                    differences: try PairedDifferences(
                        first: errors(of: contrast.first, score: contrast.score),
                        second: errors(of: contrast.second, score: contrast.score)),
                    identicalPairs: identicalPairs(of: contrast), claim: try contrast.reportedClaim)
            })
    }

    /// Seeds with which both settings came to the same weights.
    private func identicalPairs(of contrast: StudyContrast) -> Int {
        let sides = [contrast.first, contrast.second].map { levels in
            trials.filter { $0.trial.levels == levels }.reduce(into: [Int: String]()) { digests, row in
                digests[row.trial.seed] = row.result?.weightsSha256
            }
        }
        return sides[0].count { seed, digest in sides[1][seed] == digest }
    }

    /// The settings of the study, each over its seeds.
    func settings() throws -> [SettingSummary] {
        try combinations.map { levels in
            try SettingSummary(name: name(of: levels), errors: errors(of: levels, score: StudyContrast.standardScore))
        }
    }

    /// Of levels, in the order of the study.
    var combinations: [[String]] {
        guard let seed = design.seeds.first else { return [] }
        return trials.filter { $0.trial.seed == seed }.map(\.trial.levels)
    }

    /// `norm=bn, batch=2`, without the axes that have one level.
    func name(of levels: [String]) -> String {
        let varied = zip(design.axes, levels).filter { $0.0.levels.count > 1 }
        return varied.map { "\($0.name)=\($1)" }.joined(separator: ", ")
    }

    /// Why the study is not all that was asked for; nil when no trial has failed.
    var failure: String? {
        let failed = trials.filter { if case .failed = $0.state { true } else { false } }
        guard let first = failed.first, case .failed(let reason) = first.state else { return nil }
        return """
            \(folder.path): \(counted(failed.count, "trial")) of \(trials.count) failed, first \(first.trial.label) \
            (\(reason)); once the cause is mended, --retry-failed tries again.
            """
    }
}

extension StudyContrast {
    /// What the contrast is held against, as reports know it.
    fileprivate var reportedClaim: Claim? {
        get throws {
            switch claim {
            case nil: nil
            case .higher: try Claim(.firstHigher, source: source)
            case .lower: try Claim(.firstLower, source: source)
            case .identical: try Claim(.identical, source: source)
            case .equivalent(let margin): try Claim(.equivalent(margin: margin), source: source)
            }
        }
    }
}

/// A contrast asks for a score that the task does not give.
struct MissingScore: Error, Equatable, CustomStringConvertible {
    let score: String
    let trial: String

    var description: String {
        """
        \(trial) has no score '\(score)', or not how many answers there were: a contrast's 'score' is a number of wrong \
        answers, such as wrong_test_images
        """
    }
}
