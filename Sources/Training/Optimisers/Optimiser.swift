import Autograd
import Catalogues

/// Changes parameters step by step, given their gradients.
public protocol Optimiser: AnyObject {
    /// Changes one parameter.
    ///
    /// - Parameters:
    ///   - index: of the parameter, in the order of `OptimiserSettings.parameters`.
    ///   - number: of the update, counted from 1.
    ///   - rate: the learning rate.
    ///   - gradient: as many values as the parameter has, read.
    func step(_ index: Int, number: Int, rate: Double, gradient: UnsafePointer<Float>)

    /// What it keeps from one step to the next, the same on every rank.
    var state: [StateTensor] { get }
}

/// What an optimiser is made for; each takes what concerns it.
public struct OptimiserSettings {
    /// What it changes.
    public let parameters: [Parameter]
    /// What can be chosen.
    public let training: TrainingSettings

    /// An optimiser of a network's parameters.
    public init(parameters: [Parameter], training: TrainingSettings = TrainingSettings()) {
        self.parameters = parameters
        self.training = training
    }

    /// The weight decay of a parameter.
    func weightDecay(ofParameter index: Int) -> Double {
        switch training.decay {
        case .all: training.weightDecay
        case .weights: parameters[index].role == .weight ? training.weightDecay : 0
        }
    }

    /// A state of zeros for each parameter.
    func zeros(named name: String) -> [StateTensor] {
        parameters.map { parameter in
            let tensor = Tensor(shape: parameter.tensor.shape)
            tensor.values.update(repeating: 0)
            return StateTensor(layer: parameter.name, .own(name), .floats(tensor), placement: .everywhere)
        }
    }
}

extension [StateTensor] {
    /// The tensors of real numbers.
    var tensors: [Tensor] {
        compactMap { if case .floats(let tensor) = $0.values { tensor } else { nil } }
    }
}

/// Ways to change parameters.
public enum Optimisers {
    /// All optimisers, in the order in which they are shown.
    public static let catalogue: [Definition<OptimiserSettings, any Optimiser>] = [
        GradientDescent.definition, Adam.definition, Adam.decoupled,
    ]
}
