import COneDNN

/// The forward pass of a convolution without bias, as in PyTorch's `conv2d` (a cross-correlation):
/// y[n, i, j, o] = Σ x[n, i·stride + r − padding, j·stride + s − padding, c] · w[o, c, r, s] over c, r and s.
///
/// One object serves all calls of a shape on a thread of `Threads`; concurrent calls of others wait for each other.
public final class ConvolutionForward: @unchecked Sendable {
    private static let cache = PrimitiveCache<ConvolutionShape, ConvolutionForward>()

    /// The extents.
    public let shape: ConvolutionShape
    private let weightLayout: WeightLayout
    private let source: Memory
    private let destination: Memory
    private let primitive: Primitive
    // What stands above is changed only while this runs, which one thread at a time does.
    private let computation = Computation()

    /// The one object for `shape` and the calling thread: made at the first request, then found.
    ///
    /// - Throws: `impossibleShape`; `callFailed` if oneDNN has no kernel for it.
    public static func cached(_ shape: ConvolutionShape) throws -> ConvolutionForward {
        try cache.primitive(for: shape) { try ConvolutionForward($0) }
    }

    private init(_ shape: ConvolutionShape) throws {
        var layouts = try ConvolutionLayouts(shape, .forward)
        let descriptor = try layouts.forwardDescriptor()
        let weightLayout = try WeightLayout.chosen(by: descriptor, query: dnnl_query_weights_md)
        let purpose = descriptor.purpose
        let input = try computation.input(
            layouts.callersSource, wanted: descriptor.requiredLayout(dnnl_query_src_md), for: purpose)
        primitive = try computation.output(
            layouts.callersDestination, wanted: descriptor.requiredLayout(dnnl_query_dst_md), for: purpose
        ) { [computation] output in
            try computation.add(
                descriptor,
                [
                    (DNNL_ARG_WEIGHTS, Memory(weightLayout.descriptor, ownsBuffer: false)), (DNNL_ARG_SRC, input),
                    (DNNL_ARG_DST, output),
                ])
        }
        source = layouts.callersSource
        destination = layouts.callersDestination
        self.weightLayout = weightLayout
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
        let packed = try weights.memory(in: weightLayout)
        try computation.run {
            primitive.setArgument(0, to: packed)
            try self.source.point(to: source)
            try self.destination.point(to: destination)
        }
    }
}
