import Autograd
import Kernels

/// A tensor that training changes, and its name in files and messages.
public struct Parameter {
    /// For example `convolution1.weight`.
    public let name: String
    /// The values; changed in place by the optimiser.
    public let tensor: Tensor

    /// A parameter of a network.
    public init(name: String, tensor: Tensor) {
        self.name = name
        self.tensor = tensor
    }

    /// A parameter with normally distributed values of deviation √(2/inputs), a function of seed and name (He et al.
    /// 2015, equation 10).
    ///
    /// - Parameter inputs: how many values feed one output.
    static func he(name: String, shape: [Int], inputs: Int, seed: UInt64) -> Parameter {
        var generator = SeededGenerator(seed: seed, for: name)
        let deviation = (2 / Double(inputs)).squareRoot()
        let tensor = Tensor(shape: shape, needsGradient: true)
        for index in 0..<tensor.count {
            tensor.pointer[index] = Float(deviation * generator.nextNormal())
        }
        return Parameter(name: name, tensor: tensor)
    }

    /// A parameter of zeros.
    static func zeros(name: String, shape: [Int]) -> Parameter {
        let tensor = Tensor(shape: shape, needsGradient: true)
        tensor.values.update(repeating: 0)
        return Parameter(name: name, tensor: tensor)
    }
}
