import COneDNN

/// oneDNN's choice of a kernel for an operation: it knows the layouts that the kernel wants.
final class PrimitiveDescriptor {
    let handle: dnnl_primitive_desc_t
    /// What the primitive is for, in words for errors.
    let purpose: String

    /// - Parameters:
    ///   - operation: the address of an operation descriptor such as `dnnl_convolution_desc_t`
    ///   - forward: the descriptor of the forward operation, which those of backward operations need
    convenience init(
        operation: UnsafeRawPointer, forward: PrimitiveDescriptor? = nil, purpose: String
    ) throws {
        try self.init(call: "dnnl_primitive_desc_create", purpose: purpose) { made, attributes, engine in
            dnnl_primitive_desc_create(&made, operation, attributes, engine, forward?.handle)
        }
    }

    /// A copy from one layout into another.
    convenience init(
        reordering source: dnnl_memory_desc_t, into destination: dnnl_memory_desc_t, purpose: String
    ) throws {
        var source = source
        var destination = destination
        try self.init(call: "dnnl_reorder_primitive_desc_create", purpose: purpose) {
            made, attributes, engine in
            dnnl_reorder_primitive_desc_create(&made, &source, engine, &destination, engine, attributes)
        }
    }

    private init(
        call: StaticString, purpose: String,
        create: (inout dnnl_primitive_desc_t?, dnnl_primitive_attr_t?, dnnl_engine_t) -> dnnl_status_t
    ) throws {
        let engine = try Engine.shared()
        engine.prepareCallingThread()
        var attributes: dnnl_primitive_attr_t?
        try check(dnnl_primitive_attr_create(&attributes), "dnnl_primitive_attr_create", for: purpose)
        defer { dnnl_primitive_attr_destroy(attributes) }
        // With a scratchpad of ours a primitive allocates nothing when it runs, on whichever thread that is.
        try check(
            dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user),
            "dnnl_primitive_attr_set_scratchpad_mode", for: purpose)
        // Otherwise an environment variable could let kernels round their factors to bfloat16.
        try check(
            dnnl_primitive_attr_set_fpmath_mode(attributes, dnnl_fpmath_mode_strict),
            "dnnl_primitive_attr_set_fpmath_mode", for: purpose)
        var made: dnnl_primitive_desc_t?
        try check(create(&made, attributes, engine.handle), call, for: purpose)
        guard let made else { throw OneDNNError.nothingMade(call: "\(call)") }
        handle = made
        self.purpose = purpose
    }

    deinit { dnnl_primitive_desc_destroy(handle) }

    /// The layout of an argument that the primitive must have.
    func requiredLayout(of argument: Int32) throws -> dnnl_memory_desc_t {
        guard let layout = layout(of: argument) else {
            throw OneDNNError.nothingMade(call: "dnnl_primitive_desc_query_md")
        }
        return layout
    }

    /// The layout of an argument, for example of `DNNL_ARG_WEIGHTS`; nil if the primitive has no such argument.
    func layout(of argument: Int32) -> dnnl_memory_desc_t? {
        let layout = dnnl_primitive_desc_query_md(handle, dnnl_query_exec_arg_md, argument)?.pointee
        return layout.flatMap { $0.ndims > 0 ? $0 : nil }
    }
}
