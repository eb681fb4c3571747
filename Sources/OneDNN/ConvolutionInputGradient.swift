import COneDNN

/// The gradient of a convolution's input:
/// dx[n, h, w, c] = Σ dy[n, i, j, o] · w[o, c, r, s] over all o, i, j, r, s with i·stride + r − padding = h and
/// j·stride + s − padding = w.
///
/// One object serves all calls of a shape on a thread of `Threads`; concurrent calls of others wait for each other.
public final class ConvolutionInputGradient: @unchecked Sendable {
    private static let cache = PrimitiveCache<ConvolutionShape, ConvolutionInputGradient>()

    /// The extents, those of the forward pass.
    public let shape: ConvolutionShape
    private let weightLayout: WeightLayout
    private let outputGradient: Memory
    private let inputGradient: Memory
    private let primitive: Primitive
    // What stands above is changed only while this runs, which one thread at a time does.
    private let computation = Computation()

    /// The one object for `shape` and the calling thread: made at the first request, then found.
    ///
    /// - Throws: `impossibleShape`; `callFailed` if oneDNN has no kernel for it.
    public static func cached(_ shape: ConvolutionShape) throws -> ConvolutionInputGradient {
        try cache.primitive(for: shape) { try ConvolutionInputGradient($0) }
    }

    private init(_ shape: ConvolutionShape) throws {
        var layouts = try ConvolutionLayouts(shape, .inputGradient)
        let purpose = "the input gradient of the \(shape)"
        var operation = dnnl_convolution_desc_t()
        try check(
            dnnl_convolution_backward_data_desc_init(
                &operation, layouts.algorithm, &layouts.source, &layouts.weights, &layouts.destination,
                layouts.strides, layouts.padding, layouts.padding),
            "dnnl_convolution_backward_data_desc_init", for: purpose)
        let descriptor = try PrimitiveDescriptor(
            operation: &operation, forward: layouts.forwardDescriptor(), purpose: purpose)
        let weightLayout = try WeightLayout.chosen(by: descriptor, query: dnnl_query_weights_md)
        let upstream = try computation.input(
            layouts.callersDestination, wanted: descriptor.requiredLayout(dnnl_query_diff_dst_md), for: purpose)
        primitive = try computation.output(
            layouts.callersSource, wanted: descriptor.requiredLayout(dnnl_query_diff_src_md), for: purpose
        ) { [computation] gradient in
            try computation.add(
                descriptor,
                [
                    (DNNL_ARG_WEIGHTS, Memory(weightLayout.descriptor, ownsBuffer: false)),
                    (DNNL_ARG_DIFF_DST, upstream), (DNNL_ARG_DIFF_SRC, gradient),
                ])
        }
        outputGradient = layouts.callersDestination
        inputGradient = layouts.callersSource
        self.weightLayout = weightLayout
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
        try computation.run {
            primitive.setArgument(0, to: packed)
            try self.outputGradient.point(to: outputGradient)
            try self.inputGradient.point(to: inputGradient)
        }
    }
}
