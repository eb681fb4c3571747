import MPI
import Runs
import Settings
import Tasks
import Training

/// The proof for a configuration of the user's.
extension Session {
    /// Trains the first steps of a configuration on all ranks and again on the first rank alone, for each of its norms,
    /// compares all that came out bit by bit, and prints a table.
    ///
    /// The images, batches, initial weights and learning rates are those of the run.
    ///
    /// - Parameter draft: of the configuration.
    /// - Throws: `AgreedFailure` on any difference, after the table.
    public func verifyOwn(_ draft: ConfigurationDraft) throws {
        let commands = draft.verifiedCommands
        let alone = try communicator.split(color: communicator.rank, key: 0, for: "ranks alone")
        var norms: [String] = []
        for command in commands {
            norms += try validated(draft, for: command).norms(of: command).filter { !norms.contains($0) }
        }
        let (checked, dataset) = try prepare(draft, for: commands[0], firstKeepsAll: true)
        var steps = VerificationRun.steps
        let rows = try norms.map { norm in
            let plan = RunPlan(checked, norm: norm, ranks: communicator.size)
            let tasks = try [communicator, alone].map { ranks in
                let task = try agree { try plan.task(dataset, on: ranks) }
                for player in task.players { try initialize(player.network, plan) }
                return task
            }
            steps = min(steps, tasks[0].stepsPerEpoch * checked.training.epochs)
            let run = try VerificationRun(beginning: tasks[0], steps: steps)
            let reference = try agree { isFirst ? try VerificationRun(beginning: tasks[1], steps: steps) : nil }
            return VerificationRow(
                norm: norm, configuration: plan.configuration, images: dataset.train.shape,
                shards: "batch \(checked.training.batch)", run, reference)
        }
        try conclude(rows, workers: checked.workerCount(ranks: communicator.size), steps: steps, nil)
    }
}

extension VerificationRun {
    /// Trains the first steps of a task as they are.
    fileprivate init(beginning task: some TrainingTask, steps: Int) throws {
        try self.init(task, steps: steps) { try task.batch(step: $0, update: 0, of: $1) }
    }
}

extension ConfigurationDraft {
    /// What is started with this configuration: `train`, `compare` or both, by the norms that it names; without any it is
    /// `compare`, as it is for the program.
    fileprivate var verifiedCommands: [Configuration.Command] {
        let named: [(Configuration.Command, String)] = [(.compare, "compare.norms"), (.train, "normalization.norm")]
        let commands = named.filter { place(of: $0.1) != .builtIn }.map(\.0)
        return commands.isEmpty ? [.compare] : commands
    }

    /// Whether it says more than how `verify` computes its own settings.
    public var describesARun: Bool {
        Configuration.keys.contains {
            !Self.keysOfVerification.contains($0.path) && place(of: $0.path) != .builtIn
        }
    }

    private static let keysOfVerification: Set = ["training.reduction", "instructionSet"]
}
