import Kernels
import Models

/// Stochastic gradient descent with momentum and weight decay, in PyTorch's convention.
public final class GradientDescent {
    /// v ← momentum·v + gradient.
    public let momentum: Float
    /// This times the weight is added to its gradient.
    public let weightDecay: Float
    private let parameters: [Parameter]
    /// v of each parameter, zeros at first.
    private(set) var velocities: [[Float]]

    /// An optimiser at rest.
    public init(parameters: [Parameter], momentum: Double, weightDecay: Double) {
        self.parameters = parameters
        self.momentum = Float(momentum)
        self.weightDecay = Float(weightDecay)
        velocities = parameters.map { Array(repeating: 0, count: $0.tensor.count) }
    }

    /// Changes every parameter by one step.
    ///
    /// - Parameter gradient: where the gradient of the parameter at an index lies.
    public func step(rate: Double, gradient: (Int) -> UnsafePointer<Float>) {
        for (index, parameter) in parameters.enumerated() {
            velocities[index].withUnsafeMutableBufferPointer { velocity in
                guard let velocity = velocity.baseAddress else { return }
                gradientDescentStep(
                    weights: parameter.tensor.pointer, velocity: velocity, gradient: gradient(index),
                    count: parameter.tensor.count, rate: Float(rate), momentum: momentum, weightDecay: weightDecay)
            }
        }
    }

    /// Goes on from velocities that were kept.
    ///
    /// - Parameter velocities: of each parameter, in their order and sizes.
    func restore(_ velocities: [[Float]]) {
        precondition(velocities.map(\.count) == self.velocities.map(\.count), "velocities of another network")
        self.velocities = velocities
    }
}
