import Autograd
import Workers

/// What is trained, and how it is scored: all that the loop, checkpoints and reports need to know of it.
public protocol TrainingTask: AnyObject {
    /// What goes through the networks in one update.
    associatedtype Batch: TaskBatch

    /// What is trained, in the order of the updates of a step.
    var players: [Player] { get }

    /// Adds up over the ranks of the run.
    var transport: RankTransport { get }

    /// Which workers live where.
    var hosting: Hosting { get }

    /// Steps of an epoch.
    var stepsPerEpoch: Int { get }

    /// Images of all workers in an epoch.
    var imagesPerEpoch: Int { get }

    /// What people should know before the first step, in sentences; the same on every rank.
    var notices: [String] { get }

    /// What the workers hosted here bring to an update.
    ///
    /// - Parameters:
    ///   - step: of the run, counted from 0.
    ///   - update: of the player in the step, counted from 0.
    func batch(step: Int, update: Int, of player: Player) throws -> Batch

    /// Takes a batch through the networks, to what a player minimises.
    func objective(of player: Player, _ batch: Batch, _ context: ForwardContext) throws -> Objective

    /// What each layer of a player's network that has running statistics evaluates with, by its name; a collective.
    func evaluationStatistics(of player: Player) throws -> [String: ChannelStatistics]

    /// How good the players are now, the same on every rank; a collective.
    func evaluate() throws -> [Score]

    /// How good the players are after an epoch, the same on every rank; a collective. nil: nothing to tell.
    func evaluateEpoch() throws -> EpochRow?
}

extension TrainingTask {
    /// Nothing.
    public var notices: [String] { [] }

    /// Nothing.
    public func evaluateEpoch() throws -> EpochRow? { nil }
}

/// What goes through a network at once.
public protocol TaskBatch {
    /// Whose images are where.
    var layout: BatchLayout { get }

    /// The images: images × height × width × channels, worker after worker.
    var images: Tensor { get }
}

/// What an update minimises.
public struct Objective {
    /// This rank's share: the shares of all ranks add up to the mean over the global batch.
    public let loss: Tensor
    /// Of each hosted worker, the sum over its batch.
    public let workerLosses: [Double]
    /// What the network made of the batch.
    public let output: Tensor

    /// An objective over the workers hosted here.
    public init(loss: Tensor, workerLosses: [Double], output: Tensor) {
        self.loss = loss
        self.workerLosses = workerLosses
        self.output = output
    }
}

/// One number that tells how good a run is.
public struct Score: Equatable, Sendable {
    /// Its key in files, such as `test_loss`.
    public let name: String
    /// The number.
    public let value: Double
    /// The number in words, such as `loss 0.5321`; nil where another score's words tell it.
    public let text: String?

    /// A named number.
    public init(_ name: String, _ value: Double, _ text: String? = nil) {
        self.name = name
        self.value = value
        self.text = text
    }
}
