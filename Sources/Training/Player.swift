import Autograd
import Workers

/// A network with its optimiser and its learning rate: what a task trains. A classifier is one player; an adversarial
/// task has two, each with updates of its own in every step.
public final class Player {
    /// What it is called in messages and, where a task has several, in checkpoints.
    public let name: String
    /// What is trained.
    public let network: any Layer
    /// Changes the network's parameters.
    public let optimiser: any Optimiser
    /// The learning rate of each step.
    public let learningRate: LearningRate
    /// How often it is updated in a step.
    public let updatesPerStep: Int
    /// The network's parameters, in the order of its layers.
    public let parameters: [Parameter]
    let exchange: GradientExchange

    /// - Parameters:
    ///   - sums: adds up gradients over the workers.
    ///   - probe: sees the time in which gradients are put into the sum.
    public init(
        name: String, network: any Layer, optimiser: any Optimiser, learningRate: LearningRate,
        updatesPerStep: Int = 1, sums: any Sums, probe: (any Probe)? = nil
    ) {
        self.name = name
        self.network = network
        self.optimiser = optimiser
        self.learningRate = learningRate
        self.updatesPerStep = updatesPerStep
        parameters = network.parameters
        exchange = GradientExchange(parameters, sums: sums, probe: probe)
    }

    /// The gradient of the last update by the name of its parameter, the same on every rank.
    public var gradients: [String: [Float]] {
        Dictionary(
            uniqueKeysWithValues: parameters.enumerated().map { index, parameter in
                let values = UnsafeBufferPointer(start: exchange.gradient(index), count: parameter.tensor.count)
                return (parameter.name, Array(values))
            })
    }
}
