import Datasets
import Reports
import Training

extension Session {
    /// Trains one variant, evaluates it and writes its folder.
    ///
    /// - Parameters:
    ///   - name: of the task in `TrainingTasks.catalogue`.
    ///   - folder: made by now; used on the first rank only.
    ///   - checkpoint: where to go on from, the same on every rank; nil to start anew.
    ///   - profiling: takes the profile of the run; nil: nobody asked.
    /// - Returns: the result, the same on every rank but for times.
    /// - Throws: `Interrupted` when a signal asked the run to stop.
    package func run(
        _ plan: RunPlan, task name: String = "classification", dataset: Dataset, command: String,
        folder: RunFolder, progress: Progress, from checkpoint: Checkpoint? = nil, profiling: Profiling? = nil
    ) throws -> RunResult {
        let recorder = profiling?.recorder()
        let task = try agree { try plan.task(name, dataset, on: communicator, recorder: recorder) }
        return try run(
            task, plan, command: command, folder: folder, progress: progress, from: checkpoint, profiling: profiling)
    }

    private func run<Task: TrainingTask>(
        _ task: Task, _ plan: RunPlan, command: String, folder: RunFolder, progress: Progress,
        from checkpoint: Checkpoint?, profiling: Profiling?
    ) throws -> RunResult {
        let trainer = Trainer(task)
        for notice in task.notices { logger.notice("\(plan.norm): \(notice)") }
        if let checkpoint {
            try requireSameArithmetic(as: checkpoint, folder)
            try agree { try trainer.restore(checkpoint) }
        } else {
            for player in task.players { try initialize(player.network, plan) }
            try onFirst { try folder.checkpoints.removeAll() }
        }
        var record = TrainingRecord(checkpoint)
        try train(trainer, plan, command, folder, progress, &record)
        let profile = try task.transport.recorder.flatMap { try profiling?.collect($0, title: plan.norm) }

        let scores = try task.evaluate()
        // The update of the last step shows in no step's loss.
        guard scores.allSatisfy(\.value.isFinite) else { throw TrainingError.divergedInTheLastStep }
        let state = try NetworkState(task.players, workers: plan.workers, communicator: communicator)
        let result = try result(of: task, plan, command, record, scores, digest: state.digest)
        try onFirst {
            try folder.write(profile)
            try folder.write(plan.configuration, metrics: record.metrics, state, result)
        }
        return result
    }

    private func result(
        of task: some TrainingTask, _ plan: RunPlan, _ command: String, _ record: TrainingRecord, _ scores: [Score],
        digest: String
    ) throws -> RunResult {
        let configuration = plan.configuration
        return RunResult(
            command: command, normalization: plan.norm, statistics: try plan.settings.norm().statistics,
            ranks: communicator.size, workers: plan.workers, batch: configuration.training.batch,
            epochs: configuration.training.epochs, seed: configuration.seed, dataset: configuration.dataset.name,
            instructionSet: Arithmetic.inUse.instructionSet,
            trainLoss: record.lastEpochLossSum / Double(task.imagesPerEpoch),
            scores: Dictionary(uniqueKeysWithValues: scores.map { ($0.name, $0.value) }),
            imagesPerSecond: record.imagesPerSecond, seconds: record.seconds,
            communicationShare: record.communicationShare, weightsSha256: digest)
    }

    /// All ranks compute alike, so that all fail together.
    private func requireSameArithmetic(as checkpoint: Checkpoint, _ folder: RunFolder) throws {
        guard let difference = Arithmetic.inUse.difference(from: checkpoint.header.arithmetic) else { return }
        throw AgreedFailure(
            rank: nil,
            message: ArithmeticError.otherThanBefore(
                folder: folder.path, inUse: difference.inUse, before: difference.before
            ).description)
    }

    private func train(
        _ trainer: Trainer<some TrainingTask>, _ plan: RunPlan, _ command: String, _ folder: RunFolder,
        _ progress: Progress, _ record: inout TrainingRecord
    ) throws {
        let transport = trainer.task.transport
        let stepsPerEpoch = trainer.task.stepsPerEpoch
        let steps = stepsPerEpoch * plan.configuration.training.epochs
        let every = plan.configuration.training.checkpointEvery
        defer { progress.end() }
        progress.begin(plan.norm, after: record.steps, steps: steps, stepsPerEpoch: stepsPerEpoch)
        try transport.recorder?.begin(steps: record.steps..<steps)
        record.begin()
        for step in record.steps..<steps {
            let report = try trainer.step(step, stopping: StopSignal.isRaised)
            record.add(report, isLastEpoch: step >= steps - stepsPerEpoch)
            progress.advance(report)
            // A run that was to stop after its last step is finished.
            let stops = report.wantsStop && step + 1 < steps
            if stops || every > 0 && (step + 1) % every == 0 { try write(record, of: trainer, plan, command, folder) }
            if stops, transport.recorder != nil {
                logger.notice("a run that is stopped leaves no profile.")
            }
            if stops { throw Interrupted(folder: folder.path, step: step + 1) }
        }
        let share = try communicator.allreduce(transport.seconds / record.end(), .sum)
        record.communicationShare = share / Double(communicator.size)
    }

    private func write(
        _ record: TrainingRecord, of trainer: Trainer<some TrainingTask>, _ plan: RunPlan, _ command: String,
        _ folder: RunFolder
    ) throws {
        let header = Checkpoint.Header(
            step: record.steps, configuration: try plan.configuration.yaml(), command: command,
            arithmetic: .inUse, lastEpochLossSum: record.lastEpochLossSum, seconds: record.secondsSoFar)
        let checkpoint = try trainer.checkpoint(header, metrics: record.metrics)
        try onFirst {
            // The run that was finished here before is not the one that can be resumed from now on.
            try folder.removeResult()
            try folder.checkpoints.write(checkpoint)
        }
    }
}

/// A signal asked the run to stop; it can be resumed. Every rank comes to it after the same step.
public struct Interrupted: Error, Equatable, CustomStringConvertible {
    /// The run's folder.
    package let folder: String
    /// Steps that are done.
    package let step: Int

    /// - Parameters:
    ///   - folder: the run's folder.
    ///   - step: steps that are done.
    package init(folder: String, step: Int) {
        self.folder = folder
        self.step = step
    }

    /// One sentence.
    public var description: String {
        "stopped after step \(step) as a signal asked; go on with: normtrain resume \(folder)"
    }
}
