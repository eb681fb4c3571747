import COneDNN
import Synchronization

/// The gradient of a convolution's input:
/// dx[n, h, w, c] = Σ dy[n, i, j, o] · w[o, c, r, s] over all o, i, j, r, s with i·stride + r − padding = h and
/// j·stride + s − padding = w.
///
/// One object serves all calls of a shape on a thread of `Threads`; concurrent calls of others wait for each other.
public final class ConvolutionInputGradient: @unchecked Sendable {
    private static let cache = PrimitiveCache<ConvolutionShape, ConvolutionInputGradient>()

    /// The extents, those of the forward pass.
    public let shape: ConvolutionShape
    // Never changed after `init`.
    private let weightLayout: WeightLayout
    // Guarded by `turn`.
    private let outputGradient: Memory
    private let inputGradient: Memory
    private let primitive: Primitive
    private let turn = Mutex(())

    /// The one object for `shape` and the calling thread: made at the first request, then found.
    ///
    /// - Throws: `impossibleShape`; `callFailed` if oneDNN has no kernel for it.
    public static func cached(_ shape: ConvolutionShape) throws -> ConvolutionInputGradient {
        try cache.primitive(for: shape) { try ConvolutionInputGradient($0) }
    }

    private init(_ shape: ConvolutionShape) throws {
        let forward = try ConvolutionForward.cached(shape)
        var layouts = try ConvolutionLayouts(shape)
        let purpose = "the input gradient of the \(shape)"
        var operation = dnnl_convolution_desc_t()
        try check(
            dnnl_convolution_backward_data_desc_init(
                &operation, dnnl_convolution_direct, &layouts.source, &layouts.weights, &layouts.destination,
                layouts.strides, layouts.padding, layouts.padding),
            "dnnl_convolution_backward_data_desc_init", for: purpose)
        let descriptor = try PrimitiveDescriptor(
            operation: &operation, forward: forward.descriptor, purpose: purpose)
        weightLayout = try .chosen(by: descriptor, query: dnnl_query_weights_md)
        outputGradient = try Memory(layouts.destination, ownsBuffer: false)
        inputGradient = try Memory(layouts.source, ownsBuffer: false)
        primitive = try Primitive(
            descriptor,
            arguments: [
                (DNNL_ARG_WEIGHTS, try Memory(weightLayout.descriptor, ownsBuffer: false)),
                (DNNL_ARG_DIFF_DST, outputGradient),
                (DNNL_ARG_DIFF_SRC, inputGradient),
            ])
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
        let packed = try weights.memory(in: weightLayout)
        try turn.withLock { _ in
            primitive.setArgument(0, to: packed)
            try self.outputGradient.point(to: outputGradient)
            try self.inputGradient.point(to: inputGradient)
            try primitive.execute()
        }
    }
}
