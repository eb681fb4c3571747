import Files
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
        defer { progress.end() }
        StopSignal.leaveToTheLoop(true)
        progress.begin(setting.plan.norm, after: record.steps, steps: steps, stepsPerEpoch: stepsPerEpoch)
        try transport.recorder?.begin(steps: record.steps..<steps)
        record.begin()
        for step in record.steps..<steps {
            let report = try trainer.step(step, stopping: StopSignal.isRaised)
            do {
                try record.add(report, isLastEpoch: step >= steps - stepsPerEpoch)
            } catch {
                if rowsAreWritten { logger.warning("\(error) The run goes on, and tries again after each step.") }
                rowsAreWritten = false
            }
            progress.advance(report)
            let isLast = step + 1 == steps
            if report.wantsStop && !isLast { try stop(trainer, setting, record) }
            if every > 0 && (step + 1) % every == 0 { try writeCheckpoint(of: trainer, setting, record) }
        }
        let share = try communicator.allreduce(transport.seconds / record.end(), .sum)
        record.communicationShare = share / Double(communicator.size)
        // What comes now writes no checkpoint, and is ended by a signal at once.
        StopSignal.leaveToTheLoop(false)
        let wantsStop = try communicator.allreduce(StopSignal.isRaised ? 1 : 0, .max) == 1
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
        let checkpoint = try trainer.checkpoint(header, metrics: record.metrics)
        try onFirst { try setting.folder.checkpoints.write(checkpoint) }
    }
}

/// A signal asked the run to stop; it can be resumed. Every rank comes to it after the same step.
public struct Interrupted: Error, Equatable, CustomStringConvertible {
    /// The exit status of a program that may do better when it is started again, EX_TEMPFAIL of sysexits.h.
    public static let exitStatus: Int32 = 75

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
