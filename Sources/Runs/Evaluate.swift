import Files
import Foundation
import Reports
import Settings
import Tasks
import Training

extension Session {
    /// Loads the weights that a run has left and evaluates them again.
    ///
    /// - Parameters:
    ///   - path: the run's folder.
    ///   - options: what is to be otherwise than in the run's configuration.
    public func evaluate(_ path: String, options: [KeyOption]) throws {
        let folder = RunFolder(path: path)
        let trained = try fromFirst { try folder.trained() }
        let stored = try draft(in: folder)
        let draft = try agree {
            try requireRanksFitting(stored, of: folder)
            var draft = stored
            try draft.set(options)
            return draft
        }
        let checked = try validated(draft, for: .train)
        let dataset = try loadDataset(checked, nameIsDefault: false, countIsDefault: false).dataset
        if let images = trained.images, dataset.fingerprint != images {
            logger.warning("\(path): the images of \(dataset.name) found here are others than those of the run.")
        }
        let plan = RunPlan(checked, norm: checked.normalization.norm, ranks: communicator.size)
        let task = try agree { try plan.task(dataset, on: communicator) }
        let state = try weights(in: folder)
        try agree {
            try state.restore(task.players)
            if state.digest != trained.sha256 { throw RunFolderError.otherWeights(path: folder.weightsPath) }
        }
        let scores = try task.evaluate().compactMap(\.text).joined(separator: ", ")
        let before = type(of: task).tableScores.first.flatMap { trained.scores?[$0.score] }
        try onFirst {
            try StandardOutput.show(
                "\(path) (\(plan.norm)), statistics \(checked.evaluation.statistics.rawValue): \(scores)")
            if let before { try StandardOutput.show(String(format: "At the end of training it was %.2f%%.", before)) }
        }
        tellNext("normtrain export \(shellWord(path)) --pytorch weights.safetensors gives the weights to PyTorch.")
    }

    /// - Throws: `RunFolderError.tooManyRanks` when some rank would host no worker of the run.
    package func requireRanksFitting(_ draft: ConfigurationDraft, of folder: RunFolder) throws {
        guard let workers = draft.configuration.workers, workers < communicator.size else { return }
        throw RunFolderError.tooManyRanks(path: folder.path, workers: workers, ranks: communicator.size)
    }
}

/// The weights that a run has left.
struct TrainedWeights: Codable {
    /// Their digest.
    let sha256: String
    /// What they came to; nil when the run ended before that was known.
    let scores: [String: Double]?
    /// The digest of the run's images; nil when the folder does not tell.
    let images: String?
}

extension RunFolder {
    /// The weights of the run in this folder, which may have ended before it had a result.
    ///
    /// - Throws: `RunFolderError.noResult` when there are none.
    func trained() throws -> TrainedWeights {
        let description = try description()
        if try description?.weightsSha256 == nil || isFinished() {
            let result = try result()
            return TrainedWeights(
                sha256: result.weightsSha256, scores: result.scores, images: description?.conditions?.images)
        }
        guard let description, let sha256 = description.weightsSha256 else {
            throw RunFolderError.noResult(path: path)
        }
        return TrainedWeights(sha256: sha256, scores: nil, images: description.conditions?.images)
    }
}
