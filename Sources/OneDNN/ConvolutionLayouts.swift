import COneDNN

/// The arguments that oneDNN's three convolution descriptors share, and the memories of the caller.
struct ConvolutionLayouts {
    var source: dnnl_memory_desc_t
    var destination: dnnl_memory_desc_t
    var weights: dnnl_memory_desc_t
    let algorithm: dnnl_alg_kind_t
    let strides: [Int64]
    let padding: [Int64]
    /// Images × height × width × channels each: the input or its gradient, the output or its gradient.
    let (callersSource, callersDestination): (Memory, Memory)
    private let shape: ConvolutionShape

    /// Weights as the primitive prefers; activations so, too, where the algorithm has no kernels for the caller's layout.
    init(_ shape: ConvolutionShape, _ pass: ConvolutionPass) throws {
        try shape.verify()
        let algorithm = ConvolutionAlgorithm.chosen(for: shape, pass)
        let activations =
            algorithm == .direct ? dnnl_memory_desc_t.activations : dnnl_memory_desc_t.preferredActivations
        source = try activations(shape.images, shape.inputChannels, shape.height, shape.width)
        destination = try activations(shape.images, shape.outputChannels, shape.outputHeight, shape.outputWidth)
        weights = try .preferredWeights(shape)
        callersSource = try Memory(
            .activations(
                images: shape.images, channels: shape.inputChannels, height: shape.height, width: shape.width),
            ownsBuffer: false)
        callersDestination = try Memory(
            .activations(
                images: shape.images, channels: shape.outputChannels, height: shape.outputHeight,
                width: shape.outputWidth), ownsBuffer: false)
        self.algorithm = algorithm.kind
        strides = [Int64(shape.stride), Int64(shape.stride)]
        padding = [Int64(shape.padding), Int64(shape.padding)]
        self.shape = shape
    }

    /// The forward pass; backward passes need it of their own algorithm.
    mutating func forwardDescriptor() throws -> PrimitiveDescriptor {
        let purpose = "the forward pass of the \(shape)"
        var operation = dnnl_convolution_desc_t()
        try check(
            dnnl_convolution_forward_desc_init(
                &operation, dnnl_forward_training, algorithm, &source, &weights, nil, &destination, strides, padding,
                padding),
            "dnnl_convolution_forward_desc_init", for: purpose)
        return try PrimitiveDescriptor(operation: &operation, purpose: purpose)
    }
}
