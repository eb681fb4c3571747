import COneDNN

/// The forward pass of a convolution without bias, as in PyTorch's `conv2d` (a cross-correlation):
/// y[n, i, j, o] = Σ x[n, i·stride + r − padding, j·stride + s − padding, c] · w[o, c, r, s] over c, r and s.
///
/// One object serves all calls of a shape on a thread of `Threads`; concurrent calls of others wait for each other.
public final class ConvolutionForward: Sendable {
    /// The one object for a shape and the calling thread.
    public static let cached = PrimitiveCache(ConvolutionForward.init)

    /// The extents.
    public let shape: ConvolutionShape
    private let weightLayout: WeightLayout
    private let computation: Computation

    private init(_ shape: ConvolutionShape) throws {
        let descriptor = try shape.descriptor(of: .forward)
        weightLayout = try .chosen(by: descriptor)
        computation = try Computation(
            descriptor, weights: weightLayout, reading: [(DNNL_ARG_SRC, Memory(shape.sourceLayout()))],
            writing: [(DNNL_ARG_DST, Memory(shape.destinationLayout()))])
        self.shape = shape
    }

    /// Reorders the weights now, if that is still to be done: afterwards several threads may use them at once.
    public func prepare(_ weights: PackedWeights) throws { _ = try weights.memory(in: weightLayout) }

    /// Computes the output of a slice.
    /// - Parameters:
    ///   - source: images × height × width × inputChannels
    ///   - weights: outputChannels × inputChannels × kernel × kernel, reordered here if this is the first use since
    ///     `replace(with:)`
    ///   - destination: images × outputHeight × outputWidth × outputChannels, overwritten
    /// - Throws: `weightsWithoutValues`; `callFailed`, also when the weights are of another shape.
    public func execute(
        source: UnsafePointer<Float>, weights: PackedWeights, destination: UnsafeMutablePointer<Float>
    ) throws {
        try computation.run(source, destination, weights: weights.memory(in: weightLayout))
    }
}

/// The gradient of a convolution's input:
/// dx[n, h, w, c] = Σ dy[n, i, j, o] · w[o, c, r, s] over all o, i, j, r, s with i·stride + r − padding = h and
/// j·stride + s − padding = w.
///
/// One object serves all calls of a shape on a thread of `Threads`; concurrent calls of others wait for each other.
public final class ConvolutionInputGradient: Sendable {
    /// The one object for a shape and the calling thread.
    public static let cached = PrimitiveCache(ConvolutionInputGradient.init)

    /// The extents, those of the forward pass.
    public let shape: ConvolutionShape
    private let weightLayout: WeightLayout
    private let computation: Computation

    private init(_ shape: ConvolutionShape) throws {
        let descriptor = try shape.descriptor(of: .inputGradient)
        weightLayout = try .chosen(by: descriptor)
        computation = try Computation(
            descriptor, weights: weightLayout, reading: [(DNNL_ARG_DIFF_DST, Memory(shape.destinationLayout()))],
            writing: [(DNNL_ARG_DIFF_SRC, Memory(shape.sourceLayout()))])
        self.shape = shape
    }

    /// Reorders the weights now, if that is still to be done: afterwards several threads may use them at once.
    public func prepare(_ weights: PackedWeights) throws { _ = try weights.memory(in: weightLayout) }

    /// Computes the gradient of a slice's input.
    /// - Parameters:
    ///   - outputGradient: images × outputHeight × outputWidth × outputChannels
    ///   - weights: outputChannels × inputChannels × kernel × kernel, reordered here if this is the first use since
    ///     `replace(with:)`
    ///   - inputGradient: images × height × width × inputChannels, overwritten
    /// - Throws: `weightsWithoutValues`; `callFailed`, also when the weights are of another shape.
    public func execute(
        outputGradient: UnsafePointer<Float>, weights: PackedWeights, inputGradient: UnsafeMutablePointer<Float>
    ) throws {
        try computation.run(outputGradient, inputGradient, weights: weights.memory(in: weightLayout))
    }
}

/// The gradient of a convolution's weights, summed over a slice:
/// dw[o, c, r, s] = Σ dy[n, i, j, o] · x[n, i·stride + r − padding, j·stride + s − padding, c] over n, i and j.
///
/// One object serves all calls of a shape on a thread of `Threads`; concurrent calls of others wait for each other.
public final class ConvolutionWeightGradient: Sendable {
    /// The one object for a shape and the calling thread.
    public static let cached = PrimitiveCache(ConvolutionWeightGradient.init)

    /// The extents, those of the forward pass.
    public let shape: ConvolutionShape
    private let computation: Computation

    private init(_ shape: ConvolutionShape) throws {
        computation = try Computation(
            shape.descriptor(of: .weightGradient),
            reading: [
                (DNNL_ARG_SRC, Memory(shape.sourceLayout())), (DNNL_ARG_DIFF_DST, Memory(shape.destinationLayout())),
            ],
            writing: [(DNNL_ARG_DIFF_WEIGHTS, Memory(shape.weightLayout()))])
        self.shape = shape
    }

    /// Computes the gradient of the weights from one slice.
    /// - Parameters:
    ///   - source: images × height × width × inputChannels
    ///   - outputGradient: images × outputHeight × outputWidth × outputChannels
    ///   - weightGradient: outputChannels × inputChannels × kernel × kernel, overwritten
    /// - Throws: `callFailed`.
    public func execute(
        source: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
        weightGradient: UnsafeMutablePointer<Float>
    ) throws {
        try computation.run(source, outputGradient, weightGradient)
    }
}
