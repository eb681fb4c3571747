import COneDNN

/// The maximum of each window and channel.
///
/// One object serves all calls of a shape on a thread of `Threads`; concurrent calls of others wait for each other.
public final class MaxPoolingForward: @unchecked Sendable {
    private static let cache = PrimitiveCache<PoolingShape, MaxPoolingForward>()

    /// The extents.
    public let shape: PoolingShape
    /// Bytes of the workspace: where in its window each maximum was found.
    public let workspaceBytes: Int
    let descriptor: PrimitiveDescriptor
    let workspaceLayout: dnnl_memory_desc_t
    private let source: Memory
    private let destination: Memory
    private let workspace: Memory
    // What stands above is changed only while this runs, which one thread at a time does.
    private let computation = Computation()

    /// The one object for `shape` and the calling thread: made at the first request, then found.
    ///
    /// - Throws: `impossibleShape`; `callFailed` if oneDNN has no kernel for it.
    public static func cached(_ shape: PoolingShape) throws -> MaxPoolingForward {
        try cache.primitive(for: shape) { try MaxPoolingForward($0) }
    }

    private init(_ shape: PoolingShape) throws {
        try shape.verify()
        var sourceLayout = try shape.sourceLayout()
        var destinationLayout = try shape.destinationLayout()
        let purpose = "the forward pass of the max \(shape)"
        var operation = dnnl_pooling_desc_t()
        try check(
            dnnl_pooling_forward_desc_init(
                &operation, dnnl_forward_training, dnnl_pooling_max, &sourceLayout, &destinationLayout, shape.strides,
                shape.kernels, shape.paddings, shape.paddings),
            "dnnl_pooling_forward_desc_init", for: purpose)
        descriptor = try PrimitiveDescriptor(operation: &operation, purpose: purpose)
        guard var workspaceLayout = descriptor.layout(dnnl_query_workspace_md) else {
            throw OneDNNError.nothingMade(call: "dnnl_primitive_desc_query_md")
        }
        workspaceBytes = dnnl_memory_desc_get_size(&workspaceLayout)
        self.workspaceLayout = workspaceLayout
        source = try Memory(sourceLayout, ownsBuffer: false)
        destination = try Memory(destinationLayout, ownsBuffer: false)
        workspace = try Memory(workspaceLayout, ownsBuffer: false)
        try computation.add(
            descriptor,
            [(DNNL_ARG_SRC, source), (DNNL_ARG_DST, destination), (DNNL_ARG_WORKSPACE, workspace)])
        self.shape = shape
    }

    /// Computes the maxima of a slice.
    /// - Parameters:
    ///   - source: images × height × width × channels
    ///   - destination: images × outputHeight × outputWidth × channels, overwritten
    ///   - workspace: `workspaceBytes` bytes, overwritten: what `MaxPoolingGradient` needs
    /// - Throws: `callFailed`.
    public func execute(
        source: UnsafePointer<Float>, destination: UnsafeMutablePointer<Float>, workspace: UnsafeMutableRawPointer
    ) throws {
        try computation.run {
            try self.source.point(to: source)
            try self.destination.point(to: destination)
            try self.workspace.point(to: workspace)
        }
    }
}
