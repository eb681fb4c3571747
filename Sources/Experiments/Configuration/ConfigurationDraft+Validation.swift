import Normalization

extension ConfigurationDraft {
    /// The configuration, once every value is in its range and none contradicts another.
    ///
    /// - Parameters:
    ///   - command: what is started; it decides which norms are trained, and so which of their values matter.
    ///   - ranks: number of MPI processes.
    ///   - channels: numbers of channels of the model's normalised layers, for example 32, 64, 128.
    /// - Throws: `ConfigurationError.outOfRange` for the first value that does not fit, in the order of the sections.
    public func validated(
        for command: Configuration.Command, ranks: Int, channels: [Int]
    ) throws -> Configuration {
        try validateRun(ranks: ranks)
        try validateNormalization(norms: configuration.norms(of: command), channels: channels)
        try validateStatistics(command: command, workers: configuration.workerCount(ranks: ranks))
        try validateTraining()
        try validateSchedule()
        try validateComparison()
        return configuration
    }

    private func validateRun(ranks: Int) throws {
        try require(configuration.seed >= 0, "seed", configuration.seed, "must be 0 or more")
        if let workers = configuration.workers {
            try require(workers >= 1, "workers", workers, "must be 1 or more")
            try requireAtMost(Self.mostWorkers, "workers", workers)
            try require(
                workers >= ranks, "workers", workers,
                "there are \(ranks) ranks, and each needs a worker: start at most \(workers) (mpirun -np \(workers)) "
                    + "or set workers to \(ranks) or more")
        }
        if let images = configuration.dataset.trainImages {
            try require(images >= 1, "dataset.trainImages", images, "must be 1 or more")
        }
        try require(
            configuration.model.initialWeightsSHA256 == nil || configuration.model.initialWeights != nil,
            "model.initialWeightsSHA256", configuration.model.initialWeightsSHA256 ?? "",
            "there is no file in model.initialWeights that it could be of")
        let testBatch = configuration.evaluation.batch
        try require(testBatch >= 1, "evaluation.batch", testBatch, "must be 1 or more")
        let preciseImages = configuration.evaluation.preciseImages
        try require(preciseImages >= 1, "evaluation.preciseImages", preciseImages, "must be 1 or more")
    }

    private func validateNormalization(norms: [Configuration.Norm], channels: [Int]) throws {
        let normalization = configuration.normalization
        let groups = normalization.groups
        try require(groups >= 1, "normalization.groups", groups, "must be 1 or more")
        if norms.contains(.groupNorm), let indivisible = channels.first(where: { !$0.isMultiple(of: groups) }) {
            throw refusal(
                of: "normalization.groups", groups,
                "must divide the channels of every layer, and there is one of \(indivisible)")
        }
        let epsilon = normalization.epsilon
        try require(epsilon > 0 && epsilon.isFinite, "normalization.epsilon", epsilon, "must be above 0 and finite")
        if case .exponential(let momentum) = normalization.momentum {
            try require(
                (0...1).contains(momentum), "normalization.momentum", momentum, "must be from 0 to 1 or 'cumulative'")
        }
    }

    private func validateStatistics(command: Configuration.Command, workers: Int) throws {
        let key = "normalization.statistics"
        guard let group = configuration.normalization.statistics else {
            try require(
                !configuration.norms(of: command).contains(.batchNorm), key, "not set",
                "the norm 'batch' needs it: \(StatisticsGroup.choices.joined(separator: ", "))")
            return
        }
        switch group {
        case .ghost(let samples):
            let batch = configuration.training.batch
            try require(samples >= 1, key, group.rawValue, "a ghost batch has 1 or more samples")
            try require(
                samples <= batch, key, group.rawValue, "a ghost batch can't exceed training.batch, which is \(batch)")
        case .workers(let size):
            try require(size >= 1, key, group.rawValue, "a group has 1 or more workers")
            try require(
                workers.isMultiple(of: size), key, group.rawValue,
                "\(size) does not divide the number of workers, \(workers)")
        case .worker, .world:
            break
        }
        try require(
            command == .compare || configuration.normalization.norm != .synchronizedBatchNorm || group == .world,
            key, group.rawValue, "the norm 'syncbn' means 'world': choose the norm 'bn' for other groups")
    }

    private func validateTraining() throws {
        let training = configuration.training
        try require(training.batch >= 1, "training.batch", training.batch, "must be 1 or more")
        try require(training.epochs >= 1, "training.epochs", training.epochs, "must be 1 or more")
        try requireAtMost(Self.mostEpochs, "training.epochs", training.epochs)
        let rate = training.learningRate
        try require(rate > 0 && rate.isFinite, "training.learningRate", rate, "must be above 0 and finite")
        try require(
            (0..<1).contains(training.momentum), "training.momentum", training.momentum, "must be from 0 to below 1")
        try require(
            training.checkpointEvery >= 0, "training.checkpointEvery", training.checkpointEvery, "must be 0 or more")
        let decay = training.weightDecay
        try require(decay >= 0 && decay.isFinite, "training.weightDecay", decay, "must be 0 or more and finite")
    }

    private func validateSchedule() throws {
        let training = configuration.training
        let warmUp = training.warmUpEpochs
        try require(warmUp >= 0 && warmUp.isFinite, "training.warmUpEpochs", warmUp, "must be 0 or more and finite")
        try require(
            warmUp <= Double(training.epochs), "training.warmUpEpochs", warmUp,
            "must not exceed training.epochs, which is \(training.epochs)")
        let factor = training.stepFactor
        try require(factor > 0 && factor <= 1, "training.stepFactor", factor, "must be above 0 and at most 1")
        let steps = training.stepEpochs
        let ascend = zip([0] + steps, steps).allSatisfy { $0 < $1 }
        try require(ascend, "training.stepEpochs", steps, "must ascend from 1 or more")
        try require(
            training.schedule != .step || !steps.isEmpty, "training.stepEpochs", steps,
            "the schedule 'step' needs at least one epoch at which to step")
    }

    private func validateComparison() throws {
        let norms = configuration.compare.norms.map(\.rawValue)
        try require(!norms.isEmpty, "compare.norms", "empty", "needs at least one norm")
        if let second = norms.indices.first(where: { norms[..<$0].contains(norms[$0]) }) {
            throw refusal(of: "compare.norms", norms.joined(separator: ", "), "names '\(norms[second])' twice")
        }
    }

    /// As many contributions as an exact sum can take (`FixedPointSum.maximumContributions`).
    private static let mostWorkers = 16_384
    /// Keeps the number of steps far from what an integer can count.
    private static let mostEpochs = 1_000_000

    private func requireAtMost(_ limit: Int, _ key: String, _ value: Int) throws {
        try require(value <= limit, key, value, "must be at most \(limit)")
    }

    private func require(
        _ condition: Bool, _ key: String, _ value: some CustomStringConvertible, _ requirement: String
    ) throws {
        if !condition { throw refusal(of: key, value, requirement) }
    }

    private func refusal(
        of key: String, _ value: some CustomStringConvertible, _ requirement: String
    ) -> ConfigurationError {
        .outOfRange(place: place(of: key), key: key, value: value.description, requirement: requirement)
    }
}
