import COneDNN

/// A oneDNN memory object: a layout, and either a buffer of its own or a pointer that is set before its use.
final class Memory {
    let handle: dnnl_memory_t
    let layout: dnnl_memory_desc_t
    /// What the layout takes.
    let byteCount: Int

    /// A memory with a buffer of its own (64-byte aligned), or one that needs `point(to:)` before its use.
    init(_ layout: dnnl_memory_desc_t, ownsBuffer: Bool) throws {
        let engine = try Engine.shared()
        var descriptor = layout
        byteCount = dnnl_memory_desc_get_size(&descriptor)
        var memory: dnnl_memory_t?
        try check(
            dnnl_memory_create(&memory, &descriptor, engine.handle, ownsBuffer ? onednn_memory_allocate() : nil),
            "dnnl_memory_create", for: "\(byteCount) bytes")
        guard let memory else { throw OneDNNError.nothingMade(call: "dnnl_memory_create") }
        handle = memory
        self.layout = layout
    }

    deinit { dnnl_memory_destroy(handle) }

    /// oneDNN takes a mutable pointer for what it only reads, too.
    @inline(__always)
    func point(to data: UnsafeRawPointer) throws {
        try check(
            dnnl_memory_set_data_handle(handle, UnsafeMutableRawPointer(mutating: data)),
            "dnnl_memory_set_data_handle", for: "\(byteCount) bytes")
    }
}
