import COneDNN

/// The maximum of each window and channel.
///
/// One object serves all calls of a shape on a thread of `Threads`; concurrent calls of others wait for each other.
public final class MaxPoolingForward: Sendable {
    /// The one object for a shape and the calling thread.
    public static let cached = PrimitiveCache(MaxPoolingForward.init)

    /// The extents.
    public let shape: PoolingShape
    /// Bytes of the workspace: where in its window each maximum was found.
    public let workspaceBytes: Int
    private let computation: Computation

    private init(_ shape: PoolingShape) throws {
        let descriptor = try shape.descriptor(ofGradient: false)
        let workspace = try Memory(descriptor.requiredLayout(of: DNNL_ARG_WORKSPACE))
        workspaceBytes = workspace.byteCount
        computation = try Computation(
            descriptor, reading: [(DNNL_ARG_SRC, Memory(shape.sourceLayout()))],
            writing: [(DNNL_ARG_DST, Memory(shape.destinationLayout())), (DNNL_ARG_WORKSPACE, workspace)])
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
        try computation.run(source, destination, workspace)
    }
}

/// The gradient of a max pooling's input: each output's gradient goes to the place of its maximum, of equal ones to the
/// first in row-major order; overlapping windows add up.
///
/// One object serves all calls of a shape on a thread of `Threads`; concurrent calls of others wait for each other.
public final class MaxPoolingGradient: Sendable {
    /// The one object for a shape and the calling thread.
    public static let cached = PrimitiveCache(MaxPoolingGradient.init)

    /// The extents, those of the forward pass.
    public let shape: PoolingShape
    private let computation: Computation

    private init(_ shape: PoolingShape) throws {
        let descriptor = try shape.descriptor(ofGradient: true)
        let workspace = try Memory(descriptor.requiredLayout(of: DNNL_ARG_WORKSPACE))
        computation = try Computation(
            descriptor,
            reading: [(DNNL_ARG_DIFF_DST, Memory(shape.destinationLayout())), (DNNL_ARG_WORKSPACE, workspace)],
            writing: [(DNNL_ARG_DIFF_SRC, Memory(shape.sourceLayout()))])
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
        try computation.run(outputGradient, workspace, inputGradient)
    }
}

extension PoolingShape {
    fileprivate func sourceLayout() throws -> dnnl_memory_desc_t {
        try dnnl_memory_desc_t([images, channels, height, width], dnnl_nhwc)
    }

    fileprivate func destinationLayout() throws -> dnnl_memory_desc_t {
        try dnnl_memory_desc_t([images, channels, outputHeight, outputWidth], dnnl_nhwc)
    }

    /// oneDNN's choice of a kernel for the maxima or for their gradient.
    fileprivate func descriptor(ofGradient isGradient: Bool) throws -> PrimitiveDescriptor {
        try verify()
        var source = try sourceLayout()
        var destination = try destinationLayout()
        let strides = [Int64(stride), Int64(stride)]
        let kernels = [Int64(kernel), Int64(kernel)]
        let paddings = [Int64(padding), Int64(padding)]
        var operation = dnnl_pooling_desc_t()

        var purpose = "the forward pass of the max \(self)"
        try check(
            dnnl_pooling_forward_desc_init(
                &operation, dnnl_forward_training, dnnl_pooling_max, &source, &destination, strides, kernels, paddings,
                paddings),
            "dnnl_pooling_forward_desc_init", for: purpose)
        let forward = try PrimitiveDescriptor(operation: &operation, purpose: purpose)
        guard isGradient else { return forward }
        purpose = "the gradient of the max \(self)"
        try check(
            dnnl_pooling_backward_desc_init(
                &operation, dnnl_pooling_max, &source, &destination, strides, kernels, paddings, paddings),
            "dnnl_pooling_backward_desc_init", for: purpose)
        return try PrimitiveDescriptor(operation: &operation, forward: forward, purpose: purpose)
    }
}
