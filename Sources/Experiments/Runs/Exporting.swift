import Foundation
import Normalization
import Training

extension Session {
    /// Writes the weights of a finished run, or those of the newest checkpoint of an unfinished one, for PyTorch.
    ///
    /// - Parameters:
    ///   - path: the run's folder.
    ///   - file: the safetensors file to write.
    ///   - statistics: which running statistics to give to batch norm; nil for those that the run evaluates with.
    ///   - data: where the data set's files are, for `precise`; nil for where they were.
    ///   - instructionSet: what oneDNN computes with; nil for what the run's configuration says.
    public func export(
        _ path: String, toPyTorch file: String, statistics: String?, data: String?, instructionSet: String?
    ) throws {
        let stored = try storedWeights(in: RunFolder(path: path))
        let draft = try agree {
            if let workers = stored.draft.configuration.workers, workers < communicator.size {
                throw RunFolderError.tooManyRanks(path: path, workers: workers, ranks: communicator.size)
            }
            var draft = stored.draft
            if let statistics { try draft.set("evaluation.statistics", to: statistics, option: "--evaluate") }
            return try draft.moved(data: data, instructionSet: instructionSet)
        }
        try requireSame(stored.state, of: path)
        let checked = try validated(draft, for: .train)
        let chosen = try evaluationStatistics(of: stored.state, checked, path)
        try onFirst {
            try PyTorchState(stored.state, statistics: chosen, batches: stored.steps).file.write(to: file)
            let which = chosen.isEmpty ? "" : ", statistics \(checked.evaluation.statistics.rawValue)"
            print(
                "\(file): the weights of \(path) after step \(stored.steps)"
                    + " (\(checked.normalization.norm.rawValue)\(which)).")
        }
    }

    /// Makes all ranks fail when one of them has read other weights than the first.
    func requireSame(_ state: NetworkState, of path: String) throws {
        try requireSame(
            state.digest,
            orFailWith: "\(path): this rank finds other weights than rank 0: give all hosts the same folder.")
    }

    /// What a run has come to.
    private func storedWeights(
        in folder: RunFolder
    ) throws -> (draft: ConfigurationDraft, state: NetworkState, steps: Int) {
        let isFinished = try sameEverywhere(agree { try folder.requireWeights() }, of: folder)
        guard !isFinished, let checkpoint = try newestCheckpoint(in: folder, isRequired: true) else {
            return try agree {
                (try ConfigurationDraft(path: folder.configurationPath), try folder.weights(), try folder.steps())
            }
        }
        return try agree {
            let draft = try ConfigurationDraft(yaml: checkpoint.header.configuration, file: folder.path)
            return (draft, checkpoint.networkState, checkpoint.header.step)
        }
    }

    /// What each batch norm evaluates with, by its name.
    private func evaluationStatistics(
        of state: NetworkState, _ configuration: Configuration, _ path: String
    ) throws -> [String: ChannelStatistics] {
        guard !state.batchNormalizations.isEmpty else { return [:] }
        switch configuration.evaluation.statistics {
        case .pooled, .worker0:
            return try agree { try state.statistics(configuration.evaluation.statistics) }
        case .batch:
            return try agree { throw RunFolderError.noStatistics(path: path) }
        case .precise:
            return try preciseStatistics(of: state, configuration)
        }
    }

    private func preciseStatistics(
        of state: NetworkState, _ configuration: Configuration
    ) throws -> [String: ChannelStatistics] {
        let dataset = try loadDataset(configuration, nameIsDefault: false, countIsDefault: false).dataset
        let plan = RunPlan(configuration, norm: configuration.normalization.norm, ranks: communicator.size)
        let hosting = Hosting(workers: plan.workers, ranks: communicator.size, rank: communicator.rank)
        let sums = plan.sums(over: communicator)
        let network = try plan.network(for: dataset, hosting: hosting, reducer: sums)
        try agree { try state.restore(network) }
        try evaluator(plan, dataset, sums).prepare(network, statistics: .precise, workers: plan.workers)
        var statistics: [String: ChannelStatistics] = [:]
        for layer in network.batchNormalizations { statistics[layer.name] = layer.evaluationStatistics }
        return statistics
    }
}

extension RunFolder {
    /// - Returns: whether the run is finished; else it has a checkpoint.
    /// - Throws: `RunFolderError` when there are no weights here.
    fileprivate func requireWeights() throws -> Bool {
        if FileManager.default.fileExists(atPath: resultPath) { return true }
        if isComparison { throw RunFolderError.comparison(path: path) }
        if checkpoints.isEmpty { throw RunFolderError.nothingToExport(path: path) }
        return false
    }

    /// The weights of the finished run in this folder.
    fileprivate func weights() throws -> NetworkState {
        let result = try result()
        let state = try NetworkState(contentsOf: weightsPath)
        if state.digest != result.weightsSHA256 { throw RunFolderError.otherWeights(path: weightsPath) }
        return state
    }
}
