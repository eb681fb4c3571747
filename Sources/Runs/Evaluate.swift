import Files
import Foundation
import Settings
import Tasks
import Training

extension Session {
    /// Loads the weights of a finished run and evaluates them again.
    ///
    /// - Parameters:
    ///   - path: the run's folder.
    ///   - options: what is to be otherwise than in the run's configuration.
    public func evaluate(_ path: String, options: [KeyOption]) throws {
        let folder = RunFolder(path: path)
        let (draft, result) = try agree {
            let result = try folder.result()
            guard result.workers >= communicator.size else {
                throw RunFolderError.tooManyRanks(path: path, workers: result.workers, ranks: communicator.size)
            }
            var draft = try ConfigurationDraft(path: folder.configurationPath)
            try draft.set(options)
            return (draft, result)
        }
        let checked = try validated(draft, for: .train)
        let dataset = try loadDataset(checked, nameIsDefault: false, countIsDefault: false).dataset
        let plan = RunPlan(checked, norm: checked.normalization.norm, ranks: communicator.size)
        let task = try agree { try plan.classification(dataset, on: communicator) }
        let state = try agree {
            let state = try NetworkState(contentsOf: folder.weightsPath)
            try state.restore(task.player.network)
            if state.digest != result.weightsSha256 { throw RunFolderError.otherWeights(path: folder.weightsPath) }
            return state
        }
        try requireSame(state, of: path)
        let scores = try task.evaluate().map(\.text).joined(separator: ", ")
        try onFirst {
            try StandardOutput.show(
                "\(path) (\(plan.norm)), statistics \(checked.evaluation.statistics.rawValue): \(scores)")
            try StandardOutput.show(String(format: "At the end of training it was %.2f%%.", result.testErrorPercent))
        }
    }
}
