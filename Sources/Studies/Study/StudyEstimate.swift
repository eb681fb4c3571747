import Files
import MPI
import Reports
import Runs
import Settings
import Training

/// What a study is about to do, without doing it.
extension Session {
    /// Prints the trials of a study, how long those that are due will take by a short measurement, and which p-values its
    /// seeds can reach.
    public func planStudy(_ design: StudyDesign, _ execution: StudyExecution) throws {
        let trials = try self.trials(of: design, ranksPerTrial: execution.ranksPerTrial)
        let chosen = try agree { try execution.selection.selected(of: trials, axes: design.axes) }
        let folder = StudyFolder(path: execution.output ?? "runs/\(design.folderName)")
        let states = try fromFirst { try chosen.map { try folder.state(of: $0).word } }
        let isDue = try fromFirst {
            try chosen.map { try folder.state(of: $0).isDue(retryingFailed: execution.retriesFailed) }
        }
        let due = chosen.indices.filter { isDue[$0] }.map { chosen[$0] }
        let parts = parts(ofRanks: execution.ranksPerTrial)
        let seconds = try estimatedSeconds(of: due, ranksPerTrial: execution.ranksPerTrial)
        try onFirst {
            let lines = zip(chosen, states).map { trial, state in
                "\(state.padding(toLength: 10))\(trial.id.prefix(8))  \(trial.label)"
            }
            try StandardOutput.show(lines.joined(separator: "\n"))
            let time =
                due.isEmpty
                ? "nothing is left to do."
                : """
                \(counted(due.count, "trial")) to do, about \(duration(seconds: seconds / Double(parts))) with \
                \(counted(parts, "trial")) at a time of \(counted(min(execution.ranksPerTrial, communicator.size), "rank")) \
                each, by a few steps of each setting here and now.
                """
            let reach = Reach(seeds: design.seeds.count, contrasts: design.contrasts.count { $0.claim != .identical })
            try StandardOutput.show("\n\(wrapped(time))\n\(wrapped(reach.sentence))")
        }
    }

    /// The sum over trials, each as long as a few steps and an evaluation of its setting take. The parts of the ranks
    /// measure next to each other, as they will train.
    private func estimatedSeconds(of trials: [Trial], ranksPerTrial: Int) throws -> Double {
        let counts = Dictionary(grouping: trials, by: \.levels).mapValues(\.count)
        var settings: [Trial] = []
        for trial in trials where !settings.contains(where: { $0.levels == trial.levels }) { settings.append(trial) }
        let part = try part(ofRanks: ranksPerTrial)
        let (number, parts) = (communicator.rank / ranksPerTrial, parts(ofRanks: ranksPerTrial))
        let own = try inParts {
            var meter = TrialMeter()
            return try settings.indices.filter { $0 % parts == number }.reduce(0.0) { sum, index in
                let setting = settings[index]
                return try sum + part.estimatedSeconds(of: setting, &meter) * Double(counts[setting.levels] ?? 0)
            }
        }
        return try communicator.allreduce(part.isFirst ? own : 0, .sum, for: "the estimate")
    }

    private func estimatedSeconds(of trial: Trial, _ meter: inout TrialMeter) throws -> Double {
        let begin = MPIEnvironment.wallSeconds
        let (configuration, dataset) = try prepare(trial.draft, for: .train)
        let plan = RunPlan(configuration, norm: configuration.normalization.norm, ranks: communicator.size)
        let task = try agree { try plan.task(dataset, on: communicator) }
        let preparation = MPIEnvironment.wallSeconds - begin
        return try preparation + meter.seconds(of: task, configuration)
    }
}

/// Finds out how long a trial takes by a few of its steps, and how long it takes to evaluate once for all.
private struct TrialMeter {
    private var evaluationSeconds: Double?

    mutating func seconds<Task: TrainingTask>(of task: Task, _ configuration: Configuration) throws -> Double {
        let trainer = Trainer(task)
        let steps = min(12, task.stepsPerEpoch)
        // In the first steps kernels and buffers are made.
        let warmUp = min(2, steps - 1)
        var begin = MPIEnvironment.wallSeconds
        for step in 0..<steps {
            if step == warmUp { begin = MPIEnvironment.wallSeconds }
            _ = try trainer.step(step, stopping: false)
        }
        let stepSeconds = (MPIEnvironment.wallSeconds - begin) / Double(steps - warmUp)
        let (epochs, every) = (configuration.training.epochs, configuration.evaluation.every)
        let rows = every > 0 ? (epochs + every - 1) / every : 0
        // A row of epochs.csv takes two: with the statistics of evaluation, and with those of training.
        let evaluations = Double(1 + 2 * rows)
        return try stepSeconds * Double(epochs * task.stepsPerEpoch) + evaluations * evaluationSeconds(of: task)
    }

    private mutating func evaluationSeconds(of task: some TrainingTask) throws -> Double {
        if let evaluationSeconds { return evaluationSeconds }
        let begin = MPIEnvironment.wallSeconds
        _ = try task.evaluate()
        let seconds = MPIEnvironment.wallSeconds - begin
        evaluationSeconds = seconds
        return seconds
    }
}

extension String {
    fileprivate func padding(toLength length: Int) -> String {
        self + String(repeating: " ", count: max(0, length - count))
    }
}
