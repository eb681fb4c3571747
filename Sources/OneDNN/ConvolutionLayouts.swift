import COneDNN

/// The arguments that oneDNN's three convolution descriptors share.
struct ConvolutionLayouts {
    var source: dnnl_memory_desc_t
    var destination: dnnl_memory_desc_t
    var weights: dnnl_memory_desc_t
    let strides: [Int64]
    let padding: [Int64]

    /// Activations as images × height × width × channels, weights as the primitive prefers.
    init(_ shape: ConvolutionShape) throws {
        try shape.verify()
        source = try .activations(
            images: shape.images, channels: shape.inputChannels, height: shape.height, width: shape.width)
        destination = try .activations(
            images: shape.images, channels: shape.outputChannels, height: shape.outputHeight,
            width: shape.outputWidth)
        weights = try .preferredWeights(shape)
        strides = [Int64(shape.stride), Int64(shape.stride)]
        padding = [Int64(shape.padding), Int64(shape.padding)]
    }
}
