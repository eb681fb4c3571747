import COneDNN
import Synchronization

/// The forward pass of a convolution without bias, as in PyTorch's `conv2d` (a cross-correlation):
/// y[n, i, j, o] = Σ x[n, i·stride + r − padding, j·stride + s − padding, c] · w[o, c, r, s] over c, r and s.
///
/// One object serves all calls of a shape on a thread of `Threads`; concurrent calls of others wait for each other.
public final class ConvolutionForward: @unchecked Sendable {
    private static let cache = PrimitiveCache<ConvolutionShape, ConvolutionForward>()

    /// The extents.
    public let shape: ConvolutionShape
    // Never changed after `init`.
    let descriptor: PrimitiveDescriptor
    private let weightLayout: WeightLayout
    // Guarded by `turn`.
    private let source: Memory
    private let destination: Memory
    private let primitive: Primitive
    private let turn = Mutex(())

    /// The one object for `shape` and the calling thread: made at the first request, then found.
    ///
    /// - Throws: `impossibleShape`; `callFailed` if oneDNN has no kernel for it.
    public static func cached(_ shape: ConvolutionShape) throws -> ConvolutionForward {
        try cache.primitive(for: shape) { try ConvolutionForward($0) }
    }

    private init(_ shape: ConvolutionShape) throws {
        var layouts = try ConvolutionLayouts(shape)
        let purpose = "the forward pass of the \(shape)"
        var operation = dnnl_convolution_desc_t()
        try check(
            dnnl_convolution_forward_desc_init(
                &operation, dnnl_forward_training, dnnl_convolution_direct, &layouts.source, &layouts.weights, nil,
                &layouts.destination, layouts.strides, layouts.padding, layouts.padding),
            "dnnl_convolution_forward_desc_init", for: purpose)
        descriptor = try PrimitiveDescriptor(operation: &operation, purpose: purpose)
        weightLayout = try .chosen(by: descriptor, query: dnnl_query_weights_md)
        source = try Memory(layouts.source, ownsBuffer: false)
        destination = try Memory(layouts.destination, ownsBuffer: false)
        primitive = try Primitive(
            descriptor,
            arguments: [
                (DNNL_ARG_WEIGHTS, try Memory(weightLayout.descriptor, ownsBuffer: false)), (DNNL_ARG_SRC, source),
                (DNNL_ARG_DST, destination),
            ])
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
        try turn.withLock { _ in
            primitive.setArgument(0, to: packed)
            try self.source.point(to: source)
            try self.destination.point(to: destination)
            try primitive.execute()
        }
    }
}
