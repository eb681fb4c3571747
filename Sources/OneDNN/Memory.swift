import COneDNN

/// A oneDNN memory object: a layout, and either a buffer of its own or a pointer that is set before its use.
final class Memory {
    let handle: dnnl_memory_t
    let layout: dnnl_memory_desc_t
    /// What the layout takes.
    let byteCount: Int

    /// A memory with a buffer of its own (64-byte aligned), or one that needs `point(to:)` before its use.
    init(_ layout: dnnl_memory_desc_t, ownsBuffer: Bool = false) throws {
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

/// Layouts of Float32 arrays.
extension dnnl_memory_desc_t {
    /// - Parameters:
    ///   - extents: in oneDNN's order, however they lie in memory: images, channels, height, width; of weights output
    ///     channels, input channels, height, width
    ///   - tag: how they lie in memory, or `dnnl_format_tag_any` for the layout that the primitive prefers
    init(_ extents: [Int], _ tag: dnnl_format_tag_t) throws {
        self.init()
        try check(
            dnnl_memory_desc_init_by_tag(&self, Int32(extents.count), extents.map(Int64.init), dnnl_f32, tag),
            "dnnl_memory_desc_init_by_tag", for: "an array of \(extents)")
    }

    func isEqual(to other: dnnl_memory_desc_t) -> Bool {
        withUnsafePointer(to: self) { first in
            withUnsafePointer(to: other) { second in dnnl_memory_desc_equal(first, second) != 0 }
        }
    }
}
