import Autograd
import Kernels
import Workers

/// Adds the shares of all workers exactly, over all ranks, and takes steps of gradient descent.
final class SummingReceiver: GradientReceiver {
    private let parameters: [Parameter]
    private let sum: any GradientSum
    private var globals: [[Float]?]
    private var velocities: [[Float]]

    init(_ parameters: [Parameter], sums: any Sums = ExactSums()) {
        self.parameters = parameters
        sum = sums.gradientSum(sizes: parameters.map(\.tensor.count), for: "the gradients")
        globals = parameters.map { _ in nil }
        velocities = parameters.map { [Float](repeating: 0, count: $0.tensor.count) }
        sum.begin()
    }

    func receives(_ tensor: Tensor) -> Bool { parameters.contains { $0.tensor === tensor } }

    func receive(workerGradient gradient: UnsafePointer<Float>, for parameter: Tensor) {
        sum.add(gradient, toParameter: parameters.firstIndex { $0.tensor === parameter }!)
    }

    func receive(globalGradient gradient: UnsafePointer<Float>, for parameter: Tensor) {
        let index = parameters.firstIndex { $0.tensor === parameter }!
        globals[index] = Array(UnsafeBufferPointer(start: gradient, count: parameter.count))
    }

    /// The gradients of all parameters over all workers of the run; ready for the next backward pass.
    private func takeGradients() throws -> [[Float]] {
        let summed = parameters.map { Tensor(shape: $0.tensor.shape) }
        _ = try sum.reduce { summed[$0].pointer }
        defer {
            sum.begin()
            globals = parameters.map { _ in nil }
        }
        return parameters.indices.map { globals[$0] ?? summed[$0].array }
    }

    func step(rate: Float, momentum: Float, weightDecay: Float) throws {
        for (index, gradient) in try takeGradients().enumerated() {
            gradientDescentStep(
                weights: parameters[index].tensor.pointer, velocity: &velocities[index], gradient: gradient,
                count: gradient.count, rate: rate, momentum: momentum, weightDecay: weightDecay)
        }
    }
}
