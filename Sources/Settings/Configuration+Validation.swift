import Catalogues
import Workers

extension Configuration {
    /// What a run is started for; it decides which norms are trained.
    public enum Command: String, Sendable {
        /// One variant: `normalization.norm`.
        case train
        /// One variant for each of `compare.norms`.
        case compare
    }

    /// The norms that `command` trains, in order.
    public func norms(of command: Command) -> [String] {
        switch command {
        case .train: [normalization.norm]
        case .compare: compare.norms
        }
    }
}

extension ConfigurationDraft {
    /// The configuration, once no value contradicts another.
    ///
    /// What depends on the network and on the images is not known here: `refusal(of:value:requirement:)` words it.
    ///
    /// - Parameters:
    ///   - command: what is started; it decides which norms are trained, and so which of their values matter.
    ///   - ranks: number of MPI processes.
    /// - Throws: `ConfigurationError.unexpectedValue` for the first value that does not fit.
    public func validated(for command: Configuration.Command, ranks: Int) throws -> Configuration {
        try validateWorkers(ranks: ranks)
        try validateAugmentation()
        try validateInitialWeights()
        try validateStatistics(command: command, workers: configuration.workerCount(ranks: ranks))
        try validateSchedule()
        try validateComparison()
        return configuration
    }

    private func validateWorkers(ranks: Int) throws {
        guard let workers = configuration.workers else { return }
        try require(
            workers >= ranks, "workers", workers,
            "\(ranks) or more, one for each rank",
            advice: "start at most \(workers) (mpirun -np \(workers)) or set workers to \(ranks) or more")
    }

    private func validateAugmentation() throws {
        let list = configuration.dataset.augmentation
        for (place, augmentation) in list.enumerated() {
            try require(
                !list[..<place].contains { $0.isOfOneKind(with: augmentation) }, "dataset.augmentation", list,
                "crop and flip once each, at most")
        }
    }

    private func validateInitialWeights() throws {
        let model = configuration.model
        guard let digest = model.initialWeightsSHA256 else { return }
        try require(
            model.initialWeights != nil, "model.initialWeightsSHA256", digest,
            "null, since there is no file in model.initialWeights that it could be of")
    }

    private func validateStatistics(command: Configuration.Command, workers: Int) throws {
        let key = "normalization.statistics"
        guard let group = configuration.normalization.statistics else { return }
        switch group {
        case .ghost(let samples):
            let batch = configuration.training.batch
            try require(samples >= 1, key, group, "a ghost batch of 1 or more samples")
            try require(samples <= batch, key, group, "a ghost batch of at most training.batch, which is \(batch)")
        case .workers(let size):
            try require(size >= 1, key, group, "groups of 1 or more workers")
            try require(
                workers.isMultiple(of: size), key, group, "groups that divide the number of workers, \(workers)")
        case .worker, .world:
            break
        }
        try require(
            command == .compare || configuration.normalization.norm != "syncbn" || group == .world, key, group,
            "world or null with the norm 'syncbn'", advice: "choose the norm 'bn' for other groups")
    }

    private func validateSchedule() throws {
        let training = configuration.training
        try require(
            training.warmUpEpochs <= Double(training.epochs), "training.warmUpEpochs", training.warmUpEpochs,
            "at most training.epochs, which is \(training.epochs)")
        let steps = training.stepEpochs
        try require(
            zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 }, "training.stepEpochs", steps, "epochs that ascend")
        try require(
            training.schedule != "step" || !steps.isEmpty, "training.stepEpochs", steps,
            "one epoch or more at which the schedule 'step' steps")
    }

    private func validateComparison() throws {
        let norms = configuration.compare.norms
        try require(!norms.isEmpty, "compare.norms", norms, "one norm or more")
        try require(Set(norms).count == norms.count, "compare.norms", norms, "each norm once")
    }

    private func require(
        _ condition: Bool, _ key: String, _ value: some KeyValue, _ requirement: String, advice: String? = nil
    ) throws {
        guard !condition else { return }
        throw refusal(of: key, value: value.isNull ? "" : value.line, requirement: requirement, advice: advice)
    }
}
