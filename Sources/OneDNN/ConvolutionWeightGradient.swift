import COneDNN
import Synchronization

/// The gradient of a convolution's weights, summed over a slice:
/// dw[o, c, r, s] = Σ dy[n, i, j, o] · x[n, i·stride + r − padding, j·stride + s − padding, c] over n, i and j.
///
/// One object serves all calls of a shape on a thread of `Threads`; concurrent calls of others wait for each other.
public final class ConvolutionWeightGradient: @unchecked Sendable {
    private static let cache = PrimitiveCache<ConvolutionShape, ConvolutionWeightGradient>()

    /// The extents, those of the forward pass.
    public let shape: ConvolutionShape
    // Guarded by `turn`.
    private let source: Memory
    private let outputGradient: Memory
    private let weightGradient: Memory
    private let primitive: Primitive
    // From the primitive's own layout, in a buffer that is made once; nil where that layout is the caller's.
    private let reorder: Primitive?
    private let turn = Mutex(())

    /// The one object for `shape` and the calling thread: made at the first request, then found.
    ///
    /// - Throws: `impossibleShape`; `callFailed` if oneDNN has no kernel for it.
    public static func cached(_ shape: ConvolutionShape) throws -> ConvolutionWeightGradient {
        try cache.primitive(for: shape) { try ConvolutionWeightGradient($0) }
    }

    private init(_ shape: ConvolutionShape) throws {
        let forward = try ConvolutionForward.cached(shape)
        var layouts = try ConvolutionLayouts(shape)
        let purpose = "the weight gradient of the \(shape)"
        var operation = dnnl_convolution_desc_t()
        try check(
            dnnl_convolution_backward_weights_desc_init(
                &operation, dnnl_convolution_direct, &layouts.source, &layouts.weights, nil, &layouts.destination,
                layouts.strides, layouts.padding, layouts.padding),
            "dnnl_convolution_backward_weights_desc_init", for: purpose)
        let descriptor = try PrimitiveDescriptor(
            operation: &operation, forward: forward.descriptor, purpose: purpose)
        guard let own = descriptor.layout(dnnl_query_diff_weights_md) else {
            throw OneDNNError.nothingMade(call: "dnnl_primitive_desc_query_md")
        }
        let plain = try dnnl_memory_desc_t.plainWeights(shape)
        weightGradient = try Memory(plain, ownsBuffer: false)
        var computed = weightGradient
        if own.isEqual(to: plain) {
            reorder = nil
        } else {
            computed = try Memory(own, ownsBuffer: true)
            reorder = try Primitive(
                PrimitiveDescriptor(reordering: own, into: plain, purpose: purpose),
                arguments: [(DNNL_ARG_SRC, computed), (DNNL_ARG_DST, weightGradient)])
        }
        source = try Memory(layouts.source, ownsBuffer: false)
        outputGradient = try Memory(layouts.destination, ownsBuffer: false)
        primitive = try Primitive(
            descriptor,
            arguments: [
                (DNNL_ARG_SRC, source), (DNNL_ARG_DIFF_DST, outputGradient), (DNNL_ARG_DIFF_WEIGHTS, computed),
            ])
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
        try turn.withLock { _ in
            try self.source.point(to: source)
            try self.outputGradient.point(to: outputGradient)
            try self.weightGradient.point(to: weightGradient)
            try primitive.execute()
            try reorder?.execute()
        }
    }
}
