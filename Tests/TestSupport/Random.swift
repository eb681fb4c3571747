import Autograd
import Kernels

/// Normally distributed values, the same on every machine.
public func randomFloats(_ count: Int, _ seed: UInt64, mean: Double = 0, deviation: Double = 1) -> [Float] {
    var generator = SeededGenerator(seed: seed, for: "tests")
    return (0..<count).map { _ in Float(mean + deviation * generator.nextNormal()) }
}

/// A tensor of normally distributed values, the same on every machine.
public func randomTensor(
    _ shape: [Int], _ seed: UInt64, mean: Double = 0, deviation: Double = 1, needsGradient: Bool = false
) -> Tensor {
    Tensor(
        randomFloats(shape.reduce(1, *), seed, mean: mean, deviation: deviation), shape: shape,
        needsGradient: needsGradient)
}
