import Datasets
import Reports
import TensorBoard
import Training

/// What a run came to, and what of it is missing on the disk.
package struct RunOutcome {
    /// The same on every rank but for times.
    package let result: RunResult
    /// The first file that could not be written; nil when all were.
    package let writeFailure: AgreedFailure?

    /// A run's outcome.
    package init(_ result: RunResult, writeFailure: AgreedFailure? = nil) {
        self.result = result
        self.writeFailure = writeFailure
    }
}

/// One run and all that decides what its folder tells.
struct RunSetting {
    let plan: RunPlan
    let conditions: Conditions
    let command: String
    let folder: RunFolder
    let progress: Progress
    let profiling: Profiling?
    let hasTelemetry: Bool
    /// On the first rank alone.
    let events: RunEvents?
}

extension Session {
    /// Trains one variant, evaluates it and writes its folder.
    ///
    /// - Parameters:
    ///   - folder: held by now.
    ///   - checkpoint: where to go on from, the same on every rank; nil to start anew.
    ///   - profiling: takes the profile of the run; nil: nobody asked.
    ///   - hasTelemetry: whether a run that begins has `telemetry.csv`; one that goes on has it if it had.
    ///   - hyperparameters: by which TensorBoard's table tells the run from others; nil for those that differ most often.
    /// - Returns: what it came to, also when not all of it can be written.
    /// - Throws: `Interrupted` when a signal asked the run to stop.
    package func run(
        _ plan: RunPlan, dataset: Dataset, _ conditions: Conditions, command: String, folder: RunFolder,
        progress: Progress, from checkpoint: Checkpoint? = nil, profiling: Profiling? = nil, hasTelemetry: Bool = false,
        hyperparameters: [Hyperparameter]? = nil
    ) throws -> RunOutcome {
        if let checkpoint {
            try requireSame(checkpoint.header.conditions, asNow: conditions, of: dataset, in: folder)
            logger.info("going on after step \(checkpoint.header.step) of \(folder.path).")
        }
        let recorder = profiling?.recorder()
        let task = try agree { try plan.task(dataset, on: communicator, recorder: recorder) }
        let columns = try agree { try hyperparameters ?? plan.hyperparameters }
        let setting = RunSetting(
            plan: plan, conditions: conditions, command: command, folder: folder, progress: progress,
            profiling: profiling, hasTelemetry: checkpoint.map { $0.telemetry != nil } ?? hasTelemetry,
            events: isFirst ? RunEvents(in: folder, columns, goingOnAfter: checkpoint?.header.step) : nil)
        return try run(task, setting, from: checkpoint)
    }

    private func run<Task: TrainingTask>(
        _ task: Task, _ setting: RunSetting, from checkpoint: Checkpoint?
    ) throws -> RunOutcome {
        let trainer = Trainer(task, hasTelemetry: setting.hasTelemetry)
        for notice in task.notices { logger.notice("\(setting.plan.norm): \(notice)") }
        let (plan, folder) = (setting.plan, setting.folder)
        if let checkpoint {
            try agree { try trainer.restore(checkpoint) }
        } else {
            for player in task.players { try initialize(player.network, plan) }
        }
        let description = try RunDescription(
            RunDescription.Kind(ofRunsOf: setting.command), plan.configuration, setting.conditions,
            ranks: communicator.size)
        return try describing(folder, as: description, plan.configuration, isNew: checkpoint == nil) {
            var record = TrainingRecord(
                checkpoint, in: isFirst ? folder : nil, stepsPerEpoch: task.stepsPerEpoch,
                hasTelemetry: setting.hasTelemetry)
            try onFirst { try record.flush() }
            do {
                try train(trainer, setting, &record)
                return try conclude(trainer, setting, &record)
            } catch {
                // The error is what people must hear of, and not that its events can't be written.
                try? setting.events?.end(with: error, afterStep: record.steps)
                throw error
            }
        }
    }

    /// What comes after the last step. The weights are written first: what fails from then on does not lose them.
    private func conclude(
        _ trainer: Trainer<some TrainingTask>, _ setting: RunSetting, _ record: inout TrainingRecord
    ) throws -> RunOutcome {
        let (task, plan, folder) = (trainer.task, setting.plan, setting.folder)
        try trainer.requireEqualWeights(afterStep: record.steps)
        let state = try NetworkState(task.players, workers: plan.workers, communicator: communicator)
        var failures = [
            try failureToWrite { try folder.write(state, steps: record.steps) },
            try failureToWrite { try record.flush() },
        ]
        let scores = try task.evaluate()
        // The update of the last step shows in no step's loss.
        guard scores.allSatisfy(\.value.isFinite) else { throw TrainingError.divergedInTheLastStep }
        failures.append(try writeProfile(of: task, setting))
        let result = try result(of: task, setting, record, scores, digest: state.digest)
        failures.append(try failureToWrite { try setting.events?.finish(result, afterStep: record.steps) })
        var failure = failures.lazy.compactMap { $0 }.first
        if failure == nil { failure = try failureToWrite { try folder.finish(result) } }
        if let failure, isFirst { folder.note(failure) }
        if failure == nil { writeReport(in: folder) { try folder.record().report } }
        return RunOutcome(result, writeFailure: failure)
    }

    /// Writes something on the first rank.
    ///
    /// - Returns: why that failed, the same on every rank; nil when it did not.
    package func failureToWrite(_ body: () throws -> Void) throws -> AgreedFailure? {
        do {
            try onFirst(body)
            return nil
        } catch let failure as AgreedFailure {
            return failure
        }
    }

    /// Writes where the time went, if anybody asked; a collective.
    ///
    /// - Returns: why that failed.
    func writeProfile(of task: some TrainingTask, _ setting: RunSetting) throws -> AgreedFailure? {
        guard let recorder = task.transport.recorder, let profiling = setting.profiling else { return nil }
        let profile = try profiling.collect(recorder, title: setting.plan.norm)
        return try failureToWrite { if let profile { try setting.folder.write(profile) } }
    }

    private func result(
        of task: some TrainingTask, _ setting: RunSetting, _ record: TrainingRecord, _ scores: [Score], digest: String
    ) throws -> RunResult {
        let (plan, configuration) = (setting.plan, setting.plan.configuration)
        return RunResult(
            command: setting.command, normalization: plan.norm, statistics: try plan.settings.norm().statistics,
            ranks: communicator.size, workers: plan.workers, batch: configuration.training.batch,
            epochs: configuration.training.epochs, seed: configuration.seed, dataset: configuration.dataset.name,
            instructionSet: Arithmetic.inUse.instructionSet,
            trainLoss: record.lastEpochLossSum / Double(task.imagesPerEpoch),
            scores: Dictionary(uniqueKeysWithValues: scores.map { ($0.name, $0.value) }),
            imagesPerSecond: record.imagesPerSecond, seconds: record.seconds,
            communicationShare: record.communicationShare, weightsSha256: digest)
    }
}
