import Autograd
import Datasets
import MPI
import Runs
import Tasks
import Training
import Workers

/// A few steps of training, and all that came out of them.
struct VerificationRun {
    /// The quantities that are compared, in the order of the table's columns.
    enum Quantity: String, CaseIterable {
        case outputs
        case inputGradient = "dx"
        case gainGradient = "dγ"
        case shiftGradient = "dβ"
        case state
        case weights
    }

    static let steps = 3

    /// Values of all workers, in one order on every rank; quantities that a norm does not have are missing.
    private(set) var values: [Quantity: [Float]] = [:]

    /// Trains the task on its ranks, which all take part: one update of each player a step.
    ///
    /// - Parameters:
    ///   - steps: how many.
    ///   - rate: of a step, counted from 0; nil for the player's own.
    ///   - batches: what the workers hosted here bring to a player's update in a step, counted from 0.
    init<Task: TrainingTask>(
        _ task: Task, steps: Int = steps, rate: Double? = nil, batches: (_ step: Int, Player) throws -> Task.Batch
    ) throws {
        let trainer = Trainer(task)
        for step in 0..<steps {
            for player in task.players {
                let batch = try batches(step, player)
                let pass = try trainer.forward(player, batch)
                if step == steps - 1 { try addOutputs(of: pass, over: task.transport.communicator) }
                let stepRate = rate ?? player.learningRate.rate(atStep: step)
                _ = try trainer.update(player, pass, number: step + 1, step: step + 1, rate: stepRate)
            }
        }
        for player in task.players {
            let gradients = player.gradients
            func gradient(of role: Parameter.Role) -> [[Float]] {
                player.parameters.filter { $0.role == role }.map { gradients[$0.name] ?? [] }
            }
            add(.gainGradient, gradient(of: .gain))
            add(.shiftGradient, gradient(of: .shift))
            add(.weights, player.parameters.map(\.tensor.array))
            let state = try NetworkState(
                player.network, workers: task.hosting.workers, communicator: task.transport.communicator)
            add(.state, player.network.state.map { state.values(of: $0) })
        }
    }

    /// Adds what came out of a forward pass and, where it is asked for, the gradient of the images; a collective.
    private mutating func addOutputs<Task>(of pass: Trainer<Task>.Pass, over communicator: Communicator) throws {
        add(.outputs, try communicator.allgather(pass.objective.output.array, for: "the outputs"))
        let images = pass.batch.images
        guard images.needsGradient else { return }
        let gradient = try pass.tape.gradients(of: pass.objective.loss, for: [images])[0]
        add(.inputGradient, try communicator.allgather(gradient.array, for: "the gradients of the images"))
    }

    /// Trains a case on the ranks of `communicator`, which all take part.
    ///
    /// - Parameter plan: its network, its optimiser and its arithmetic are used.
    init(
        _ plan: RunPlan, _ setting: VerificationCase, dataset: Dataset, communicator: Communicator
    ) throws {
        let task = try plan.classification(dataset, on: communicator)
        try self.init(task, rate: setting.rate) { step, _ in Self.batch(step, setting.shards, dataset, task.hosting) }
    }

    /// The largest difference from another run; nil where the norm has no such quantity.
    func largestDifference(of quantity: Quantity, from other: VerificationRun) -> VerificationDifference? {
        guard let own = values[quantity], let others = other.values[quantity] else { return nil }
        return VerificationDifference(own, others)
    }

    private mutating func add(_ quantity: Quantity, _ parts: [[Float]]) {
        let all = parts.flatMap { $0 }
        if !all.isEmpty { values[quantity, default: []] += all }
    }

    private static func batch(
        _ step: Int, _ shards: VerificationCase.Shards, _ dataset: Dataset, _ hosting: Hosting
    ) -> LabelledBatch {
        let counts = shards.counts(workers: hosting.workers)
        let total = counts.reduce(0, +)
        let indices = hosting.hosted.map { worker in
            let start = step * total + counts[..<worker].reduce(0, +)
            return (start..<start + counts[worker]).map { $0 % dataset.train.count }
        }
        return LabelledBatch(
            of: dataset, indices: indices, firstWorker: hosting.hosted.lowerBound, globalImages: total,
            needsImageGradient: true)
    }
}

/// How far two arrays are apart.
struct VerificationDifference: Equatable {
    /// Whether all bits are the same.
    let isNone: Bool
    /// The largest difference of two values; infinite when the arrays are not of one length or hold different NaNs.
    let largest: Double

    init(_ first: [Float], _ second: [Float]) {
        isNone = first.map(\.bitPattern) == second.map(\.bitPattern)
        guard first.count == second.count else {
            largest = .infinity
            return
        }
        largest = zip(first, second).reduce(0) { largest, pair in
            if pair.0.bitPattern == pair.1.bitPattern { return largest }
            let difference = abs(Double(pair.0) - Double(pair.1))
            return difference.isNaN ? .infinity : max(largest, difference)
        }
    }
}
