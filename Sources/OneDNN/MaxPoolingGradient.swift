import COneDNN

/// The gradient of a max pooling's input: each output's gradient goes to the place of its maximum, of equal ones to the
/// first in row-major order; overlapping windows add up.
///
/// One object serves all calls of a shape on a thread of `Threads`; concurrent calls of others wait for each other.
public final class MaxPoolingGradient: @unchecked Sendable {
    private static let cache = PrimitiveCache<PoolingShape, MaxPoolingGradient>()

    /// The extents, those of the forward pass.
    public let shape: PoolingShape
    private let outputGradient: Memory
    private let inputGradient: Memory
    private let workspace: Memory
    // What stands above is changed only while this runs, which one thread at a time does.
    private let computation = Computation()

    /// The one object for `shape` and the calling thread: made at the first request, then found.
    ///
    /// - Throws: `impossibleShape`; `callFailed` if oneDNN has no kernel for it.
    public static func cached(_ shape: PoolingShape) throws -> MaxPoolingGradient {
        try cache.primitive(for: shape) { try MaxPoolingGradient($0) }
    }

    private init(_ shape: PoolingShape) throws {
        let forward = try MaxPoolingForward.cached(shape)
        var sourceLayout = try shape.sourceLayout()
        var destinationLayout = try shape.destinationLayout()
        let purpose = "the gradient of the max \(shape)"
        var operation = dnnl_pooling_desc_t()
        try check(
            dnnl_pooling_backward_desc_init(
                &operation, dnnl_pooling_max, &sourceLayout, &destinationLayout, shape.strides, shape.kernels,
                shape.paddings, shape.paddings),
            "dnnl_pooling_backward_desc_init", for: purpose)
        let descriptor = try PrimitiveDescriptor(
            operation: &operation, forward: forward.descriptor, purpose: purpose)
        outputGradient = try Memory(destinationLayout, ownsBuffer: false)
        inputGradient = try Memory(sourceLayout, ownsBuffer: false)
        workspace = try Memory(forward.workspaceLayout, ownsBuffer: false)
        try computation.add(
            descriptor,
            [
                (DNNL_ARG_DIFF_DST, outputGradient), (DNNL_ARG_WORKSPACE, workspace),
                (DNNL_ARG_DIFF_SRC, inputGradient),
            ])
        self.shape = shape
    }

    /// Computes the gradient of a slice's input.
    /// - Parameters:
    ///   - outputGradient: images × outputHeight × outputWidth × channels
    ///   - workspace: what `MaxPoolingForward` wrote for the same slice
    ///   - inputGradient: images × height × width × channels, overwritten
    /// - Throws: `callFailed`.
    public func execute(
        outputGradient: UnsafePointer<Float>, workspace: UnsafeRawPointer, inputGradient: UnsafeMutablePointer<Float>
    ) throws {
        try computation.run {
            try self.outputGradient.point(to: outputGradient)
            try self.workspace.point(to: workspace)
            try self.inputGradient.point(to: inputGradient)
        }
    }
}
