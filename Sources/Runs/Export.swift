import Autograd
import Datasets
import Files
import Reports
import Settings
import Tasks
import Training
import Workers

extension Session {
    /// Writes the weights of a finished run, or those of the newest checkpoint of an unfinished one, for PyTorch.
    ///
    /// - Parameters:
    ///   - path: the run's folder.
    ///   - file: the safetensors file to write.
    ///   - options: what is to be otherwise than in the run's configuration: which running statistics to give to batch
    ///     norm, and for `precise` and `layerwise` where the data set's files are and what oneDNN computes with.
    public func export(_ path: String, toPyTorch file: String, options: [KeyOption]) throws {
        let folder = RunFolder(path: path)
        let stored = try storedWeights(in: folder)
        let draft = try agree {
            try requireRanksFitting(stored.draft, of: folder)
            var draft = stored.draft
            try draft.set(options)
            return draft
        }
        let checked = try validated(draft, for: .train)
        let network = try network(of: checked, with: stored.state)
        let chosen = try evaluationStatistics(of: network, stored.state, checked, path)
        try onFirst {
            try PyTorchState(network, stored.state, statistics: chosen).file.write(to: file)
            let which = chosen.isEmpty ? "" : ", statistics \(checked.evaluation.statistics.rawValue)"
            try StandardOutput.show(
                "\(file): the weights of \(path) after step \(stored.steps)"
                    + " (\(checked.normalization.norm)\(which)).")
        }
        tellNext(
            """
            load_state_dict(safetensors.torch.load_file(…)) in Python, or normtrain train --init \(shellWord(file)).
            """)
    }

    /// What a run has come to.
    private func storedWeights(
        in folder: RunFolder
    ) throws -> (draft: ConfigurationDraft, state: NetworkState, steps: Int) {
        guard try fromFirst({ try folder.requireWeights() }) else {
            guard let checkpoint = try newestCheckpoint(in: folder, isRequired: true) else {
                throw RunFolderError.nothingToExport(path: folder.path)
            }
            return try agree {
                let draft = try ConfigurationDraft(yaml: checkpoint.header.configuration, file: folder.path)
                let player = try draft.configuration.taskType.exportedPlayer
                return (draft, checkpoint.networkState(of: player), checkpoint.header.step)
            }
        }
        let sha256 = try fromFirst { try folder.trained().sha256 }
        let (draft, state) = (try draft(in: folder), try weights(in: folder))
        try agree { if state.digest != sha256 { throw RunFolderError.otherWeights(path: folder.weightsPath) } }
        return (draft, state, try fromFirst { try folder.steps() })
    }

    /// The network of a configuration, for images as they are published, with stored values.
    private func network(of configuration: Configuration, with state: NetworkState) throws -> any Layer {
        let plan = RunPlan(configuration, norm: configuration.normalization.norm, ranks: communicator.size)
        return try agree {
            let source = try configuration.dataset.source()
            let network = try configuration.taskType.network(
                plan.settings, images: source.imageShape, classes: source.classes,
                hosting: Hosting(workers: plan.workers, ranks: communicator.size, rank: communicator.rank),
                sums: ExactSums())
            try state.restore(network)
            return network
        }
    }

    /// What each layer with running statistics evaluates with, by its name.
    private func evaluationStatistics(
        of network: any Layer, _ state: NetworkState, _ configuration: Configuration, _ path: String
    ) throws -> [String: ChannelStatistics] {
        guard network.state.contains(where: { $0.role == .runningMean }) else { return [:] }
        switch configuration.evaluation.statistics {
        case .pooled, .worker0:
            return try agree { try configuration.evaluation.statistics.statistics(of: network, in: state) }
        case .batch:
            return try agree { throw RunFolderError.noStatistics(path: path) }
        case .precise, .layerwise:
            let dataset = try loadDataset(configuration, nameIsDefault: false, countIsDefault: false).dataset
            let plan = RunPlan(configuration, norm: configuration.normalization.norm, ranks: communicator.size)
            let (task, player) = try agree {
                let task = try plan.task(dataset, on: communicator)
                guard let player = task.players.first(where: { $0.name == type(of: task).exportedPlayer }) else {
                    throw RunFolderError.nothingToExport(path: path)
                }
                try state.restore(player.network)
                return (task, player)
            }
            return try task.evaluationStatistics(of: player)
        }
    }
}

extension RunFolder {
    /// - Returns: whether the run has left its trained weights; else it has a checkpoint.
    /// - Throws: `RunFolderError` when there are no weights here.
    fileprivate func requireWeights() throws -> Bool {
        let description = try description()
        if description?.kind == .compare { throw RunFolderError.comparison(path: path) }
        if try description?.weightsSha256 != nil || isFinished() { return true }
        if checkpoints.isEmpty { throw RunFolderError.nothingToExport(path: path) }
        return false
    }
}
