import Autograd
import Kernels
import Workers

/// A normalisation of NHWC images with an optional activation in the same pass.
public protocol NormalizationLayer: Layer {
    /// Channels of the input.
    var channels: Int { get }

    /// γ and β.
    var affine: Affine { get }

    /// Over how many values each variance of a training step is taken: that of a single value is no statistic.
    ///
    /// - Parameters:
    ///   - batches: images of each worker of the run.
    ///   - pixels: of each image, where this layer meets it.
    func valueCounts(ofBatches batches: [Int], pixels: Int) -> [Int]

    /// What takes the moments that this layer needs; nil when it needs none in this mode.
    ///
    /// Whoever makes the input may feed it slice by slice while they are in cache.
    ///
    /// - Parameters:
    ///   - shape: of the input, NHWC.
    ///   - context: of the pass.
    func moments(for shape: [Int], _ context: ForwardContext) -> CellMoments?

    /// activation(γ(x−μ)/√(σ²+ε) + β).
    ///
    /// - Parameters:
    ///   - x: images × height × width × channels.
    ///   - moments: from `moments(for:_:)`, fed with all of x; nil where that was nil.
    ///   - activation: applied in the same pass.
    ///   - context: of the pass.
    func normalize(
        _ x: Tensor, _ moments: CellMoments?, activation: Activation, _ context: ForwardContext
    ) throws -> Tensor
}

extension NormalizationLayer {
    /// None: the layer takes no variance.
    public func valueCounts(ofBatches batches: [Int], pixels: Int) -> [Int] { [] }

    /// γ and β, as far as the layer has them.
    public var ownParameters: [Parameter] { affine.parameters(of: name) }

    /// The normalised images, without an activation.
    public func callAsFunction(_ x: Tensor, _ context: ForwardContext) throws -> Tensor {
        try self(x, activation: .identity, context)
    }

    /// activation(γ(x−μ)/√(σ²+ε) + β) for x of shape images × height × width × channels.
    public func callAsFunction(_ x: Tensor, activation: Activation, _ context: ForwardContext) throws -> Tensor {
        try context.layer(name, .normalization, of: x) {
            let moments = moments(for: x.shape, context)
            try moments?.add(all: x, layout: context.tape.layout)
            return try normalize(x, moments, activation: activation, context)
        }
    }

    /// Sums with a cell for each image, for norms whose statistics cross no images.
    func momentsOfEachImage(_ shape: [Int]) -> CellMoments {
        requireImages(shape)
        return CellMoments(Grouping(apart: (0..<shape[0]).map { $0..<$0 + 1 }), shape: shape)
    }

    func requireImages(_ shape: [Int]) {
        precondition(
            shape.count == 4 && shape[3] == channels,
            "\(name) normalises images with \(channels) channels (NHWC), not shape \(shape)")
    }
}

/// The learned part of a normalisation: γ and β of each channel, or one of them, or neither.
public struct Affine {
    /// γ, channels; nil: 1.
    public let gamma: Tensor?
    /// β, channels; nil: 0.
    public let beta: Tensor?
    /// Whether their gradients arrive already summed over all workers.
    let arrivesSummed: Bool

    /// γ begins as ones and β as zeros.
    init(channels: Int, hasGamma: Bool = true, hasBeta: Bool = true, arrivesSummed: Bool = false) {
        gamma = hasGamma ? .parameter(shape: [channels], filledWith: 1) : nil
        beta = hasBeta ? .parameter(shape: [channels], filledWith: 0) : nil
        self.arrivesSummed = arrivesSummed
    }

    var needsGradient: Bool { gamma?.needsGradient ?? false || beta?.needsGradient ?? false }

    /// γ of a channel.
    func scale(_ channel: Int) -> Double { Double(gamma?.pointer[channel] ?? 1) }

    /// β of a channel.
    func shift(_ channel: Int) -> Double { Double(beta?.pointer[channel] ?? 0) }

    func parameters(of layer: String) -> [Parameter] {
        [
            gamma.map { Parameter(layer: layer, .gain, $0, arrivesSummed: arrivesSummed) },
            beta.map { Parameter(layer: layer, .shift, $0, arrivesSummed: arrivesSummed) },
        ].compactMap { $0 }
    }
}
