import Autograd
import Catalogues
import Kernels

/// Stochastic gradient descent with momentum and weight decay, in PyTorch's convention:
/// v ← momentum·v + (g + decay·w), w ← w − rate·v (Sutskever et al. 2013, equations 1 and 2, with the rate outside v).
final class GradientDescent: Optimiser {
    static let definition = Definition<OptimiserSettings, any Optimiser>(
        "sgd", "stochastic gradient descent with momentum"
    ) { GradientDescent($0) }

    /// v of each parameter, zeros at first.
    let state: [StateTensor]
    private let velocities: [Tensor]
    private let settings: OptimiserSettings

    init(_ settings: OptimiserSettings) {
        self.settings = settings
        state = settings.zeros(named: "velocity")
        velocities = state.tensors
    }

    func step(_ index: Int, number: Int, rate: Double, gradient: UnsafePointer<Float>) {
        let weights = settings.parameters[index].tensor
        gradientDescentStep(
            weights: weights.pointer, velocity: velocities[index].pointer, gradient: gradient, count: weights.count,
            rate: Float(rate), momentum: Float(settings.training.momentum),
            weightDecay: Float(settings.weightDecay(ofParameter: index)))
    }
}
