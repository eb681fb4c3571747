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

/// Layouts of Float32 arrays. oneDNN always names the dimensions in the order images, channels, height, width (of
/// weights: output channels, input channels, height, width); the tag says how they lie in memory.
extension dnnl_memory_desc_t {
    /// Activations as this package keeps them: images × height × width × channels.
    static func activations(images: Int, channels: Int, height: Int, width: Int) throws -> dnnl_memory_desc_t {
        try make([images, channels, height, width], dnnl_nhwc)
    }

    /// Activations in the layout that the primitive prefers.
    static func preferredActivations(images: Int, channels: Int, height: Int, width: Int) throws -> dnnl_memory_desc_t {
        try make([images, channels, height, width], dnnl_format_tag_any)
    }

    /// Weights as the caller keeps them: output channels × input channels × kernel × kernel.
    static func plainWeights(_ shape: ConvolutionShape) throws -> dnnl_memory_desc_t {
        try make([shape.outputChannels, shape.inputChannels, shape.kernel, shape.kernel], dnnl_oihw)
    }

    /// Weights in the layout that the primitive prefers.
    static func preferredWeights(_ shape: ConvolutionShape) throws -> dnnl_memory_desc_t {
        try make([shape.outputChannels, shape.inputChannels, shape.kernel, shape.kernel], dnnl_format_tag_any)
    }

    private static func make(_ extents: [Int], _ tag: dnnl_format_tag_t) throws -> dnnl_memory_desc_t {
        var descriptor = dnnl_memory_desc_t()
        try check(
            dnnl_memory_desc_init_by_tag(&descriptor, Int32(extents.count), extents.map(Int64.init), dnnl_f32, tag),
            "dnnl_memory_desc_init_by_tag", for: "an array of \(extents)")
        return descriptor
    }

    func isEqual(to other: dnnl_memory_desc_t) -> Bool {
        withUnsafePointer(to: self) { first in
            withUnsafePointer(to: other) { second in dnnl_memory_desc_equal(first, second) != 0 }
        }
    }
}
