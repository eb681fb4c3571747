import COneDNN

/// The gradient of a convolution's weights, summed over a slice:
/// dw[o, c, r, s] = Σ dy[n, i, j, o] · x[n, i·stride + r − padding, j·stride + s − padding, c] over n, i and j.
///
/// One object serves all calls of a shape on a thread of `Threads`; concurrent calls of others wait for each other.
public final class ConvolutionWeightGradient: @unchecked Sendable {
    private static let cache = PrimitiveCache<ConvolutionShape, ConvolutionWeightGradient>()

    /// The extents, those of the forward pass.
    public let shape: ConvolutionShape
    private let source: Memory
    private let outputGradient: Memory
    private let weightGradient: Memory
    // What stands above is changed only while this runs, which one thread at a time does.
    private let computation = Computation()

    /// The one object for `shape` and the calling thread: made at the first request, then found.
    ///
    /// - Throws: `impossibleShape`; `callFailed` if oneDNN has no kernel for it.
    public static func cached(_ shape: ConvolutionShape) throws -> ConvolutionWeightGradient {
        try cache.primitive(for: shape) { try ConvolutionWeightGradient($0) }
    }

    private init(_ shape: ConvolutionShape) throws {
        var layouts = try ConvolutionLayouts(shape, .weightGradient)
        let purpose = "the weight gradient of the \(shape)"
        var operation = dnnl_convolution_desc_t()
        try check(
            dnnl_convolution_backward_weights_desc_init(
                &operation, layouts.algorithm, &layouts.source, &layouts.weights, nil, &layouts.destination,
                layouts.strides, layouts.padding, layouts.padding),
            "dnnl_convolution_backward_weights_desc_init", for: purpose)
        let descriptor = try PrimitiveDescriptor(
            operation: &operation, forward: layouts.forwardDescriptor(), purpose: purpose)
        source = layouts.callersSource
        outputGradient = layouts.callersDestination
        weightGradient = try Memory(.plainWeights(shape), ownsBuffer: false)
        let input = try computation.input(
            source, wanted: descriptor.requiredLayout(dnnl_query_src_md), for: purpose)
        let upstream = try computation.input(
            outputGradient, wanted: descriptor.requiredLayout(dnnl_query_diff_dst_md), for: purpose)
        try computation.output(
            weightGradient, wanted: descriptor.requiredLayout(dnnl_query_diff_weights_md), for: purpose
        ) { [computation] gradient in
            try computation.add(
                descriptor,
                [(DNNL_ARG_SRC, input), (DNNL_ARG_DIFF_DST, upstream), (DNNL_ARG_DIFF_WEIGHTS, gradient)])
        }
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
        try computation.run {
            try self.source.point(to: source)
            try self.outputGradient.point(to: outputGradient)
            try self.weightGradient.point(to: weightGradient)
        }
    }
}
