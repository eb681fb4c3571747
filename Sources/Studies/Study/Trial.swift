import Files
import Foundation
import Reports
import Runs
import Settings

/// One training of a study, known by what decides its result.
struct Trial {
    /// The label of its level on each axis.
    let levels: [String]
    /// Its seed.
    let seed: Int
    /// Its configuration, and where its values come from.
    let draft: ConfigurationDraft
    /// The same, checked.
    let configuration: Configuration
    /// SHA-256 of the configuration, without what decides nothing about the result.
    let id: String
    /// `norm=bn,batch=2,seed=3`.
    let label: String

    /// - Parameters:
    ///   - ranks: that train it together.
    ///   - initialWeights: SHA-256 of each file of initial weights, by its path.
    /// - Throws: `ConfigurationError` when its values contradict each other.
    init(_ trial: StudyTrial, axes: [StudyAxis], ranks: Int, initialWeights: [String: String]) throws {
        var draft = trial.draft
        // Named, so that no other data set steps in where its files are missing: the id would be that of another training.
        try draft.set("dataset.name", to: draft.configuration.dataset.name, option: "--dataset")
        if let path = draft.configuration.model.initialWeights, let digest = initialWeights[path] {
            try draft.set("model.initialWeightsSHA256", to: digest, option: "--set")
        }
        guard draft.configuration.workers != nil else {
            throw draft.refusal(
                of: "workers", value: "",
                requirement: "a number, since the trials of a study must not follow the number of ranks")
        }
        configuration = try draft.validatedForNetwork(.train, ranks: ranks)
        (levels, seed) = (trial.levels, trial.seed)
        self.draft = draft
        id = configuration.identity
        label = (zip(axes, levels).map { "\($0.name)=\($1)" } + ["seed=\(seed)"]).joined(separator: ",")
    }

    /// What its folder is called: the label as far as file systems are at ease with it, and the beginning of `id`.
    var folderName: String {
        let plain = label.map { $0.isASCII && ($0.isLetter || $0.isNumber || "=,.:+_-".contains($0)) ? $0 : "-" }
        return "\(String(plain.prefix(120)))-\(id.prefix(8))"
    }
}

extension Configuration {
    /// SHA-256 of what decides a trial's result: without where files lie, and when checkpoints are written.
    ///
    /// Keys with their built-in value are left out, so that a trial is still the same when a later version has more keys. A
    /// version with another built-in value has to begin with another line.
    fileprivate var identity: String {
        var identity = self
        identity.dataset.directory = nil
        identity.model.initialWeights = nil
        identity.training.checkpointEvery = Configuration().training.checkpointEvery
        identity.compare = Configuration().compare
        let lines = ["normtrain trial 1"] + identity.changes
        return Digest.hexadecimal(of: Array(lines.joined(separator: "\n").utf8))
    }
}

/// What has become of a trial, as its folder tells.
enum TrialState: Equatable {
    /// Nothing has begun.
    case missing
    /// It was begun, and can go on from its newest checkpoint or anew.
    case begun
    /// A process is at work on it.
    case running
    /// The training went astray, which is a result of a kind.
    case diverged(reason: String)
    /// It ended with another error.
    case failed(reason: String)
    /// Everything is there.
    case finished

    /// The word for it in tables.
    var word: String {
        switch self {
        case .missing: "missing"
        case .begun: "begun"
        case .running: "running"
        case .diverged: "diverged"
        case .failed: "failed"
        case .finished: "finished"
        }
    }

    /// Whether there is something to do for a start of the study.
    ///
    /// - Parameter retryingFailed: whether those that failed are tried again.
    func isDue(retryingFailed: Bool) -> Bool {
        switch self {
        case .missing, .begun: true
        case .diverged, .failed: retryingFailed
        case .running, .finished: false
        }
    }
}
