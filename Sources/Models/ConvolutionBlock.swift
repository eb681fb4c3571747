import Autograd
import Kernels
import Normalization
import OneDNN

/// A 3×3 convolution without bias, a normalisation and an activation: the unit that small networks are made of.
public final class ConvolutionBlock {
    /// Output channels × input channels × 3 × 3.
    public let weights: Parameter
    /// nil where a network does without.
    public let normalization: (any NormalizationLayer)?
    /// The activation behind the normalisation.
    public let activation: Activation
    private let convolution: ConvolutionChoice
    private let name: String
    /// Where there is no normalisation to carry it out.
    private let activationName: String

    /// A block with initial weights drawn from `seed`.
    ///
    /// - Parameter number: counts the blocks of a network from 1: `convolution1`, `normalization1`.
    init(
        number: Int, inputChannels: Int, outputChannels: Int, choice: NormalizationChoice, activation: Activation,
        convolution: ConvolutionChoice, hosting: Hosting, reducer: any StatisticsReducer, seed: UInt64
    ) {
        self.convolution = convolution
        name = "convolution\(number)"
        activationName = "activation\(number)"
        self.activation = activation
        weights = .he(
            name: "\(name).weight", shape: [outputChannels, inputChannels, 3, 3], inputs: 9 * inputChannels, seed: seed)
        normalization = choice.layer(
            name: "normalization\(number)", channels: outputChannels, hosting: hosting, reducer: reducer)
    }

    /// Everything that training changes.
    public var parameters: [Parameter] {
        guard let normalization, let gamma = normalization.gamma, let beta = normalization.beta else {
            return [weights]
        }
        return [
            weights, Parameter(name: "\(normalization.name).gamma", tensor: gamma),
            Parameter(name: "\(normalization.name).beta", tensor: beta),
        ]
    }

    /// activation(normalisation(convolution(x))); the moments are taken while the convolution's output is in cache.
    ///
    /// - Parameters:
    ///   - x: images × height × width × input channels.
    ///   - inspect: shown the output of each layer.
    /// - Returns: images × height × width × output channels.
    func callAsFunction(
        _ x: Tensor, mode: NormalizationMode, on tape: Tape, inspect: ((String, Tensor) -> Void)?
    ) throws -> Tensor {
        let outputShape = [x.shape[0], x.shape[1], x.shape[2], weights.tensor.shape[0]]
        let moments = normalization?.collector(for: outputShape, mode: mode, on: tape)
        let convolved = try tape.layer(name) {
            try tape.convolution(x, weights.tensor, padding: 1, choice: convolution, observer: moments)
        }
        inspect?(name, convolved)
        guard let normalization else { return tape.layer(activationName) { tape.activate(convolved, activation) } }
        let normalized = try tape.layer(normalization.name) {
            try normalization.normalize(convolved, moments: moments, activation: activation, mode: mode, on: tape)
        }
        inspect?(normalization.name, normalized)
        return normalized
    }
}
