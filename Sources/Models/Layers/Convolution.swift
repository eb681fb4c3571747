import Autograd
import Kernels
import Normalization
import OneDNN

/// A convolution as PyTorch's `Conv2d`, with a square kernel; with a bias or without.
public final class Convolution: Layer {
    /// What the layer is called in messages and files.
    public let name: String
    /// Output channels × input channels × kernel × kernel.
    public let weights: Tensor
    /// Output channels; nil for a convolution whose norm adds a shift.
    public let bias: Tensor?
    /// Carried out here where no norm follows that would.
    private let activation: Activation
    private let stride: Int
    private let padding: Int
    private let choice: ConvolutionChoice

    /// A convolution with initial weights drawn from the seed, and a bias of zeros.
    ///
    /// - Parameters:
    ///   - hasBias: false where what follows adds a shift.
    ///   - activation: of the output.
    init(
        name: String, inputChannels: Int, outputChannels: Int, kernel: Int = 3, stride: Int = 1, hasBias: Bool = true,
        activation: Activation = .identity, _ settings: NetworkSettings
    ) {
        self.name = name
        self.stride = stride
        padding = kernel / 2
        self.activation = activation
        choice = settings.model.convolution
        weights = .he(
            name: "\(name).weight", shape: [outputChannels, inputChannels, kernel, kernel],
            inputs: kernel * kernel * inputChannels, seed: settings.seed)
        bias = hasBias ? .parameter(shape: [outputChannels], filledWith: 0) : nil
    }

    /// The weights and, where there is one, the bias.
    public var ownParameters: [Parameter] {
        [Parameter(layer: name, .weight, weights)] + (bias.map { [Parameter(layer: name, .bias, $0)] } ?? [])
    }

    /// The extents over the images of a tensor, NHWC.
    func shape(over images: [Int]) -> ConvolutionShape {
        ConvolutionShape(
            images: images[0], height: images[1], width: images[2], inputChannels: weights.shape[1],
            outputChannels: weights.shape[0], kernel: weights.shape[2], stride: stride, padding: padding,
            choice: choice)
    }

    /// The convolved images: images × output height × output width × output channels.
    public func callAsFunction(_ x: Tensor, _ context: ForwardContext) throws -> Tensor {
        try self(x, shownTo: nil, context)
    }

    /// - Parameter observer: shown each slice of the output, before an activation, while it is in cache.
    func callAsFunction(
        _ x: Tensor, shownTo observer: (any SliceObserver)?, _ context: ForwardContext
    ) throws -> Tensor {
        try context.layer(name, .convolution(shape(over: x.shape)), of: x) {
            let tape = context.tape
            let convolved = try tape.convolution(
                x, weights, bias: bias, stride: stride, padding: padding, choice: choice, observer: observer)
            return activation == .identity ? convolved : tape.activate(convolved, activation)
        }
    }
}

/// A convolution, a normalisation and an activation: the unit that networks are made of. Where the norm adds no shift of its
/// own, or there is none, the convolution has a bias.
public final class NormalizedConvolution: Layer {
    /// The convolution's name.
    public var name: String { convolution.name }
    /// The convolution.
    public let convolution: Convolution
    /// nil where a network does without.
    public let normalization: (any NormalizationLayer)?
    private let activation: Activation
    /// Where there is no normalisation to carry it out.
    private let activationName: String
    private let normalizationName: String

    /// - Parameters:
    ///   - prefix: what the layers' names begin with.
    ///   - number: what the layers are called by, behind their kind: `convolution1`, `normalization1`.
    init(
        prefix: String = "", number: Int, inputChannels: Int, outputChannels: Int, kernel: Int = 3, stride: Int = 1,
        activation: Activation = .relu, _ settings: NetworkSettings
    ) throws {
        normalizationName = "\(prefix)normalization\(number)"
        normalization = try settings.normalization(name: normalizationName, channels: outputChannels)
        convolution = Convolution(
            name: "\(prefix)convolution\(number)", inputChannels: inputChannels, outputChannels: outputChannels,
            kernel: kernel, stride: stride, hasBias: normalization?.affine.beta == nil, settings)
        activationName = "\(prefix)activation\(number)"
        self.activation = activation
    }

    /// The convolution and, where there is one, the normalisation.
    public var children: [any Module] { [convolution] + (normalization.map { [$0] } ?? []) }

    /// activation(normalisation(convolution(x))); the moments are taken while the convolution's output is in cache.
    public func callAsFunction(_ x: Tensor, _ context: ForwardContext) throws -> Tensor {
        guard let normalization else {
            let convolved = try convolution(x, context)
            return context.layer(activationName, .absentNormalization(normalizationName), of: convolved) {
                context.tape.activate(convolved, activation)
            }
        }
        let shape = convolution.shape(over: x.shape)
        let moments = normalization.moments(
            for: [shape.images, shape.outputHeight, shape.outputWidth, shape.outputChannels], context)
        let convolved = try convolution(x, shownTo: moments, context)
        return try context.layer(normalization.name, .normalization, of: convolved) {
            try normalization.normalize(convolved, moments, activation: activation, context)
        }
    }
}
