import Autograd
import Kernels
import Models
import Normalization
import XCTest

/// Adds the shares of all workers as integers, over all ranks, and takes steps of gradient descent.
final class FixedPointReceiver: GradientReceiver {
    private let parameters: [Parameter]
    private let reducer: any StatisticsReducer
    private var sums: [[Int64]]
    private var globals: [[Float]?]
    private var velocities: [[Float]]

    init(_ parameters: [Parameter], reducer: any StatisticsReducer = SingleRankReducer()) {
        self.parameters = parameters
        self.reducer = reducer
        sums = parameters.map { [Int64](repeating: 0, count: $0.tensor.count) }
        globals = parameters.map { _ in nil }
        velocities = parameters.map { [Float](repeating: 0, count: $0.tensor.count) }
    }

    func receives(_ tensor: Tensor) -> Bool { parameters.contains { $0.tensor === tensor } }

    func receive(workerGradient gradient: UnsafePointer<Float>, for parameter: Tensor) {
        let index = parameters.firstIndex { $0.tensor === parameter }!
        XCTAssertTrue(
            FixedPointGradient.add(
                gradient, count: parameter.count, limit: FixedPointGradient.limit(workers: 16), to: &sums[index]))
    }

    func receive(globalGradient gradient: UnsafePointer<Float>, for parameter: Tensor) {
        let index = parameters.firstIndex { $0.tensor === parameter }!
        globals[index] = Array(UnsafeBufferPointer(start: gradient, count: parameter.count))
    }

    /// The gradients of all parameters over all workers of the run; ready for the next backward pass.
    func takeGradients() throws -> [[Float]] {
        try parameters.indices.map { index in
            let count = parameters[index].tensor.count
            try sums[index].withUnsafeMutableBufferPointer { try reducer.sum($0, for: parameters[index].name) }
            var gradient = [Float](repeating: 0, count: count)
            FixedPointGradient.gradient(of: sums[index], count: count, into: &gradient)
            defer {
                sums[index] = [Int64](repeating: 0, count: count)
                globals[index] = nil
            }
            return globals[index] ?? gradient
        }
    }

    func step(rate: Float, momentum: Float, weightDecay: Float) throws {
        for (index, gradient) in try takeGradients().enumerated() {
            gradientDescentStep(
                weights: parameters[index].tensor.pointer, velocity: &velocities[index], gradient: gradient,
                count: gradient.count, rate: rate, momentum: momentum, weightDecay: weightDecay)
        }
    }
}
