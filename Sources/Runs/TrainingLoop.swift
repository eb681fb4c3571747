import Files
import MPI
import Reports
import Training

extension Session {
    /// Carries out the steps of a run that are left.
    ///
    /// - Throws: `Interrupted` when a signal asked the run to stop, once a checkpoint is written.
    func train(
        _ trainer: Trainer<some TrainingTask>, _ setting: RunSetting, _ record: inout TrainingRecord
    ) throws {
        let (transport, progress) = (trainer.task.transport, setting.progress)
        let stepsPerEpoch = trainer.task.stepsPerEpoch
        let steps = stepsPerEpoch * setting.plan.configuration.training.epochs
        let every = setting.plan.configuration.training.checkpointEvery
        var rowsAreWritten = true
        var evaluating = 0.0
        func written(_ addRow: () throws -> Void) {
            do {
                try addRow()
            } catch {
                if rowsAreWritten { logger.warning("\(error) The run goes on, and tries again after each step.") }
                rowsAreWritten = false
            }
        }
        defer { progress.end() }
        StopSignal.leaveToTheLoop(true)
        progress.begin(setting.plan.norm, after: record.steps, steps: steps, stepsPerEpoch: stepsPerEpoch)
        try transport.recorder?.begin(steps: record.steps..<steps)
        record.begin()
        if record.steps == 0 { written { try setting.events?.begin(setting.plan.configuration) } }
        for step in record.steps..<steps {
            let report = try trainer.step(step, stopping: StopSignal.isRaised)
            written { try record.add(report, isLastEpoch: step >= steps - stepsPerEpoch) }
            written { try setting.events?.add(report) }
            progress.advance(report)
            let isLast = step + 1 == steps
            if let epoch = setting.plan.evaluatedEpoch(afterSteps: step + 1, stepsPerEpoch: stepsPerEpoch) {
                let (start, communication) = (MPIEnvironment.wallSeconds, transport.seconds)
                if let row = try trainer.task.evaluateEpoch() {
                    let seconds = MPIEnvironment.wallSeconds - start
                    progress.leaveOut(seconds: seconds)
                    written { try record.add(row, ofEpoch: epoch, evaluationSeconds: seconds) }
                    written { try setting.events?.add(row, ofEpoch: epoch, afterStep: step + 1) }
                }
                evaluating += transport.seconds - communication
            }
            if (step + 1).isMultiple(of: stepsPerEpoch) {
                let distributions = try distributions(
                    of: trainer.task, evaluatedWith: setting.plan.configuration.evaluation.statistics)
                written { try setting.events?.add(distributions, afterStep: step + 1) }
            }
            let writesCheckpoint = every > 0 && (step + 1).isMultiple(of: every)
            let stops = report.wantsStop && !isLast
            // A run that goes on from the checkpoint writes no event of its steps again.
            if stops || writesCheckpoint { written { try setting.events?.flush() } }
            if stops { try stop(trainer, setting, record) }
            if writesCheckpoint { try writeCheckpoint(of: trainer, setting, record) }
        }
        let share = try communicator.allreduce(
            (transport.seconds - evaluating) / record.end(), .sum, for: "the time in collectives")
        record.communicationShare = share / Double(communicator.size)
        // What comes now writes no checkpoint, and is ended by a signal at once.
        StopSignal.leaveToTheLoop(false)
        let wantsStop = try isAskedToStop()
        if wantsStop { try stop(trainer, setting, record) }
    }

    /// Writes what is needed to go on, and where the time went until now.
    private func stop(
        _ trainer: Trainer<some TrainingTask>, _ setting: RunSetting, _ record: TrainingRecord
    ) throws -> Never {
        try writeCheckpoint(of: trainer, setting, record)
        if let failure = try writeProfile(of: trainer.task, setting) { logger.warning("\(failure)") }
        throw Interrupted(folder: setting.folder.path, step: record.steps, ranks: communicator.size)
    }

    private func writeCheckpoint(
        of trainer: Trainer<some TrainingTask>, _ setting: RunSetting, _ record: TrainingRecord
    ) throws {
        let header = Checkpoint.Header(
            step: record.steps, configuration: try setting.plan.configuration.withAbsolutePaths().yaml(),
            command: setting.command, conditions: setting.conditions, lastEpochLossSum: record.lastEpochLossSum,
            seconds: record.secondsSoFar)
        let checkpoint = try trainer.checkpoint(
            header, metrics: record.metrics.text, epochs: record.epochs?.text, telemetry: record.telemetry?.text)
        try onFirst { try setting.folder.checkpoints.write(checkpoint) }
    }
}

extension RunPlan {
    /// The epoch, counted from 1, that ends with a step and after which the task is to be evaluated; nil for other steps.
    fileprivate func evaluatedEpoch(afterSteps steps: Int, stepsPerEpoch: Int) -> Int? {
        let (epoch, rest) = steps.quotientAndRemainder(dividingBy: stepsPerEpoch)
        let every = configuration.evaluation.every
        guard rest == 0, every > 0 else { return nil }
        return epoch.isMultiple(of: every) || epoch == configuration.training.epochs ? epoch : nil
    }
}

/// A signal asked the run to stop; it can be resumed. Every rank comes to it after the same step.
public struct Interrupted: StoppedBySignal, Equatable, CustomStringConvertible {
    /// The run's folder.
    package let folder: String
    /// Steps that are done.
    package let step: Int
    /// Ranks that did them.
    package let ranks: Int

    /// - Parameters:
    ///   - folder: the run's folder.
    ///   - step: steps that are done.
    ///   - ranks: that did them.
    package init(folder: String, step: Int, ranks: Int) {
        self.folder = folder
        self.step = step
        self.ranks = ranks
    }

    /// One sentence.
    public var description: String {
        "stopped after step \(step) as a signal asked; go on with: "
            + command("resume \(shellWord(folder))", ranks: ranks)
    }
}
