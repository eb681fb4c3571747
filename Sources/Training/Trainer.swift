import Autograd
import MPI

/// Trains the players of a task, in step with all other ranks.
public final class Trainer<Task: TrainingTask> {
    /// What is trained.
    public let task: Task
    private let telemetry: Telemetry?

    /// A trainer before its first step.
    ///
    /// - Parameter hasTelemetry: whether it records, in some steps, how far the workers' statistics are from the global
    ///   ones; that changes no bit of the training.
    public init(_ task: Task, hasTelemetry: Bool = false) {
        self.task = task
        telemetry =
            hasTelemetry
            ? Telemetry(stepsPerEpoch: task.stepsPerEpoch, hosting: task.hosting, transport: task.transport) : nil
    }

    var transport: RankTransport { task.transport }

    /// Carries out one step: every player's updates.
    ///
    /// - Parameters:
    ///   - index: the step of the run, counted from 0.
    ///   - stopping: whether this rank was asked to stop after it.
    /// - Throws: `TrainingError.diverged` or `gradientOverflow`, on every rank alike.
    public func step(_ index: Int, stopping: Bool = false) throws -> CompletedStep {
        let start = MPIEnvironment.wallSeconds
        transport.recorder?.beginStep(index)
        let telemetry = telemetry?.isDue(index) == true ? telemetry : nil
        var updates: [CompletedStep.Update] = []
        var images = 0
        var wantsStop = false
        for player in task.players {
            for update in 0..<player.updatesPerStep {
                let batch = try observe(transport.recorder, "the batch", .other) {
                    try task.batch(step: index, update: update, of: player)
                }
                let rate = player.learningRate.rate(atStep: index)
                telemetry?.begin(task.players.count > 1 ? "\(player.name)/" : "", batch.layout)
                let pass = try forward(player, batch, shownTo: update == 0 ? telemetry : nil)
                let outcome = try self.update(
                    player, pass, number: index * player.updatesPerStep + update + 1, step: index + 1, rate: rate,
                    stopping: stopping)
                updates.append(CompletedStep.Update(player: player.name, loss: outcome.loss, rate: rate))
                images = max(images, batch.layout.globalImages)
                wantsStop = wantsStop || outcome.wantsStop
            }
        }
        let distances = try telemetry.map { telemetry in
            try observe(transport.recorder, Telemetry.purpose, .other) { try telemetry.finish() }
        }
        let seconds = MPIEnvironment.wallSeconds - start
        try transport.recorder?.endStep()
        return CompletedStep(
            step: index + 1, updates: updates, images: images, distances: distances ?? [], seconds: seconds,
            wantsStop: wantsStop)
    }

    /// A batch on its way through a network: what a forward pass leaves for gradients and update.
    public struct Pass {
        /// What went through.
        public let batch: Task.Batch
        /// The operations.
        public let tape: Tape
        /// What came out.
        public let objective: Objective
    }

    /// The forward pass over what is hosted here.
    ///
    /// - Parameter probe: sees it beside the recorder of the profile.
    public func forward(_ player: Player, _ batch: Task.Batch, shownTo probe: (any Probe)? = nil) throws -> Pass {
        let recorder = transport.recorder
        let tape = Tape(layout: batch.layout, probe: ProbePair.joining(recorder, probe))
        observe(recorder, GradientExchange.purpose, .other) { player.exchange.begin() }
        let objective = try task.objective(of: player, batch, ForwardContext(tape))
        for loss in objective.workerLosses { player.exchange.add(workerLoss: loss) }
        return Pass(batch: batch, tape: tape, objective: objective)
    }

    /// Gradients of all workers, and the update.
    ///
    /// - Parameters:
    ///   - number: of the update, counted from 1.
    ///   - step: counted from 1, for messages.
    ///   - stopping: whether this rank was asked to stop after it.
    /// - Returns: the mean loss over the global batch before the update, and whether a rank wants to stop.
    /// - Throws: `TrainingError.diverged` or `gradientOverflow`, on every rank alike.
    public func update(
        _ player: Player, _ pass: Pass, number: Int, step: Int, rate: Double, stopping: Bool = false
    ) throws -> (loss: Double, wantsStop: Bool) {
        let exchange = player.exchange
        if stopping { exchange.requestStop() }
        try pass.tape.backward(from: pass.objective.loss, into: exchange)
        let recorder = transport.recorder
        let outcome = try observe(recorder, GradientExchange.purpose, .other) { try exchange.exchange() }
        let loss = outcome.lossSum / Double(pass.batch.layout.globalImages)
        guard loss.isFinite else {
            throw TrainingError.diverged(step: step, layer: try firstLayerNotFinite(player, pass.batch))
        }
        if let parameter = outcome.lostParameter {
            throw TrainingError.gradientOverflow(step: step, parameter: parameter)
        }
        observe(recorder, "the update", .other) {
            for index in player.parameters.indices {
                player.optimiser.step(index, number: number, rate: rate, gradient: exchange.gradient(index))
            }
        }
        return (loss, outcome.wantsStop)
    }

    /// Takes the batch of a diverged step through the network again and looks at every layer. The weights are still those
    /// of the step, and all ranks take part because synchronised norms need them.
    ///
    /// - Returns: the first layer with an output that is not finite on any rank, the same on all; nil without one.
    private func firstLayerNotFinite(_ player: Player, _ batch: Task.Batch) throws -> String? {
        let outputs = FiniteOutputs()
        _ = try task.objective(
            of: player, batch, ForwardContext(Tape(layout: batch.layout, isRecording: false, probe: outputs)))
        let first = try transport.communicator.allreduce(outputs.firstBad, .min, for: "the layer that diverged")
        return first == .max ? nil : outputs.layers[Int(first)]
    }
}

/// Notes which layer's output is the first that holds something else than finite numbers.
private final class FiniteOutputs: Probe {
    private(set) var layers: [String] = []
    private(set) var firstBad = Int64.max

    func see(_ pass: LayerPass) {
        if !pass.output.values.allSatisfy(\.isFinite) { firstBad = min(firstBad, Int64(layers.count)) }
        layers.append(pass.layer)
    }
}

/// One step, the same on every rank but for the seconds.
public struct CompletedStep: Sendable {
    /// One update of one player.
    public struct Update: Sendable {
        /// The player's name.
        public let player: String
        /// The mean loss over the global batch, before the update.
        public let loss: Double
        /// The learning rate.
        public let rate: Double
    }

    /// Counted from 1.
    public let step: Int
    /// In their order.
    public let updates: [Update]
    /// Images of all workers.
    public let images: Int
    /// How far the workers' statistics were from the global ones, in the order of the layers; empty where the step was
    /// not recorded.
    public let distances: [LayerDistances]
    /// Wall time of this rank.
    public let seconds: Double
    /// Whether a rank asked to stop after this step.
    public let wantsStop: Bool

    /// The last update of each player, in the order of the players.
    public var lastUpdates: [Update] {
        updates.indices.filter { index in
            !updates[(index + 1)...].contains { $0.player == updates[index].player }
        }.map { updates[$0] }
    }

    /// The loss of the last update.
    public var loss: Double { updates.last?.loss ?? .nan }
    /// The learning rate of the last update.
    public var rate: Double { updates.last?.rate ?? 0 }
}
