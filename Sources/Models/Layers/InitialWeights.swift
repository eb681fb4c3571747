import Autograd
import Kernels

extension Tensor {
    /// A parameter's tensor with normally distributed values of deviation √(2/inputs), a function of seed and name (He et
    /// al. 2015, equation 10).
    ///
    /// - Parameters:
    ///   - name: of the parameter.
    ///   - inputs: how many values feed one output.
    static func he(name: String, shape: [Int], inputs: Int, seed: UInt64) -> Tensor {
        var generator = SeededGenerator(seed: seed, for: name)
        let deviation = (2 / Double(inputs)).squareRoot()
        let tensor = Tensor(shape: shape, needsGradient: true)
        for index in 0..<tensor.count {
            tensor.pointer[index] = Float(deviation * generator.nextNormal())
        }
        return tensor
    }
}
