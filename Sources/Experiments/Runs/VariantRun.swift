import Datasets
import MPI
import Models
import Normalization
import OneDNN
import Training

extension Session {
    /// Trains one variant, evaluates it and writes its folder.
    ///
    /// - Parameters:
    ///   - folder: made by now; used on the first rank only.
    ///   - checkpoint: where to go on from, the same on every rank; nil to start anew.
    ///   - profiling: takes the profile of the run; nil: nobody asked.
    /// - Returns: the result, the same on every rank but for times.
    /// - Throws: `Interrupted` when a signal asked the run to stop.
    func run(
        _ plan: RunPlan, dataset: Dataset, command: String, folder: RunFolder, progress: Progress,
        from checkpoint: Checkpoint? = nil, profiling: Profiling? = nil
    ) throws -> RunResult {
        let hosting = Hosting(workers: plan.workers, ranks: communicator.size, rank: communicator.rank)
        let sums = plan.sums(over: communicator)
        sums.recorder = profiling?.recorder()
        let network = try plan.network(for: dataset, hosting: hosting, reducer: sums)
        let trainer = plan.trainer(of: network, dataset: dataset, hosting: hosting, communicator: sums)
        if let checkpoint {
            try requireInstructions(of: checkpoint, folder)
            try agree { try trainer.restore(checkpoint) }
        } else {
            try initialize(network, plan)
            try onFirst { try folder.checkpoints.removeAll() }
        }
        var training = TrainingRecord(checkpoint)
        try train(trainer, plan, command, folder, progress, sums, &training)
        let profile = try sums.recorder.flatMap { try profiling?.collect($0, title: plan.norm.rawValue) }

        let test = try evaluator(plan, dataset, sums).evaluate(
            network, statistics: plan.configuration.evaluation.statistics, workers: plan.workers)
        // The update of the last step shows in no step's loss.
        guard test.loss.isFinite else { throw AgreedFailure.divergedInTheLastStep }
        let state = try NetworkState(network, workers: plan.workers, communicator: communicator)
        let result = RunResult(
            command: command, normalization: plan.norm.rawValue, statistics: plan.statistics,
            ranks: communicator.size, workers: plan.workers, batch: plan.configuration.training.batch,
            epochs: plan.configuration.training.epochs, seed: plan.configuration.seed,
            dataset: dataset.name, instructionSet: InstructionSet.currentName,
            trainLoss: training.lastEpochLossSum / Double(trainer.sampler.shards.count),
            testErrorPercent: test.errorPercent, imagesPerSecond: training.imagesPerSecond, seconds: training.seconds,
            communicationShare: training.communicationShare, weightsSHA256: state.digest)
        try onFirst {
            try folder.write(profile)
            try folder.write(plan.configuration, training.metrics, state, result)
        }
        return result
    }

    /// All ranks have the same instructions, so that all fail together.
    private func requireInstructions(of checkpoint: Checkpoint, _ folder: RunFolder) throws {
        let before = checkpoint.header.instructionSet
        let inUse = InstructionSet.currentName
        if before != inUse {
            throw AgreedFailure(
                rank: nil,
                message: InstructionSetError.otherThanBefore(folder: folder.path, inUse: inUse, before: before)
                    .description)
        }
    }

    /// The evaluator that a plan asks for.
    func evaluator(_ plan: RunPlan, _ dataset: Dataset, _ sums: TimedCommunicator) -> Evaluator {
        let settings = plan.configuration.evaluation
        return Evaluator(
            dataset: dataset, batch: settings.batch, preciseImages: settings.preciseImages, communicator: sums)
    }

    private func train(
        _ trainer: Trainer, _ plan: RunPlan, _ command: String, _ folder: RunFolder, _ progress: Progress,
        _ sums: TimedCommunicator, _ record: inout TrainingRecord
    ) throws {
        let stepsPerEpoch = trainer.sampler.stepsPerEpoch
        let steps = stepsPerEpoch * plan.configuration.training.epochs
        let every = plan.configuration.training.checkpointEvery
        defer { progress.end() }
        progress.begin(plan.norm.rawValue, steps: steps, stepsPerEpoch: stepsPerEpoch)
        try sums.recorder?.begin(steps: record.steps..<steps)
        record.begin()
        for step in record.steps..<steps {
            let report = try trainer.step(step, stopping: StopSignal.isRaised)
            record.add(report, isLastEpoch: step >= steps - stepsPerEpoch)
            progress.advance(report)
            let stops = report.wantsStop && step + 1 < steps
            if stops || every > 0 && (step + 1) % every == 0 {
                try write(record, of: trainer, plan, command, folder)
            }
            if stops, sums.recorder != nil {
                logger.notice("a run that is stopped leaves no profile.")
            }
            if stops { throw Interrupted(folder: folder.path, step: step + 1) }
        }
        let share = try communicator.allreduce(sums.seconds / record.end(), .sum)
        record.communicationShare = share / Double(communicator.size)
    }

    private func write(
        _ record: TrainingRecord, of trainer: Trainer, _ plan: RunPlan, _ command: String, _ folder: RunFolder
    ) throws {
        let header = Checkpoint.Header(
            step: record.steps, configuration: try plan.configuration.yaml(), command: command,
            instructionSet: InstructionSet.currentName, lastEpochLossSum: record.lastEpochLossSum,
            seconds: record.secondsSoFar)
        let checkpoint = try trainer.checkpoint(header, metrics: record.metrics.text)
        try onFirst {
            // The run that was finished here before is not the one that can be resumed from now on.
            try folder.removeResult()
            try folder.checkpoints.write(checkpoint)
        }
    }
}

extension AgreedFailure {
    /// Every rank gets the same test loss.
    fileprivate static let divergedInTheLastStep = AgreedFailure(
        rank: nil,
        message: "the loss of the test images after the last step is not a number: "
            + "lower the learning rate or warm it up.")
}

/// A signal asked the run to stop; it can be resumed. Every rank comes to it after the same step.
public struct Interrupted: Error, Equatable, CustomStringConvertible {
    /// The run's folder.
    let folder: String
    /// Steps that are done.
    let step: Int

    /// One sentence.
    public var description: String {
        "stopped after step \(step) as a signal asked; go on with: normtrain resume \(folder)"
    }
}
