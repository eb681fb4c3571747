import COneDNN

extension ConvolutionShape {
    /// Input or its gradient; unless another tag is given, as the caller keeps it.
    func sourceLayout(_ tag: dnnl_format_tag_t = dnnl_nhwc) throws -> dnnl_memory_desc_t {
        try dnnl_memory_desc_t([images, inputChannels, height, width], tag)
    }

    /// Output or its gradient; unless another tag is given, as the caller keeps it.
    func destinationLayout(_ tag: dnnl_format_tag_t = dnnl_nhwc) throws -> dnnl_memory_desc_t {
        try dnnl_memory_desc_t([images, outputChannels, outputHeight, outputWidth], tag)
    }

    /// Weights or their gradient; unless another tag is given, as the caller keeps them.
    func weightLayout(_ tag: dnnl_format_tag_t = dnnl_oihw) throws -> dnnl_memory_desc_t {
        try dnnl_memory_desc_t([outputChannels, inputChannels, kernel, kernel], tag)
    }

    /// oneDNN's choice of a kernel for a pass, with weights in the layout that it prefers; with activations so, too, where
    /// the algorithm has no kernels for the caller's layout.
    func descriptor(of pass: ConvolutionPass) throws -> PrimitiveDescriptor {
        try verify()
        let algorithm = ConvolutionAlgorithm.chosen(for: self, pass)
        let tag = algorithm == .direct ? dnnl_nhwc : dnnl_format_tag_any
        var source = try sourceLayout(tag)
        var destination = try destinationLayout(tag)
        var weights = try weightLayout(dnnl_format_tag_any)
        let strides = [Int64(stride), Int64(stride)]
        let paddings = [Int64(padding), Int64(padding)]
        var operation = dnnl_convolution_desc_t()

        var purpose = "the forward pass of the \(self)"
        try check(
            dnnl_convolution_forward_desc_init(
                &operation, dnnl_forward_training, algorithm.kind, &source, &weights, nil, &destination, strides,
                paddings, paddings),
            "dnnl_convolution_forward_desc_init", for: purpose)
        // Backward passes need that of the forward pass with their own algorithm.
        let forward = try PrimitiveDescriptor(operation: &operation, purpose: purpose)
        purpose = "the \(pass.rawValue) of the \(self)"
        switch pass {
        case .forward: return forward
        case .inputGradient:
            try check(
                dnnl_convolution_backward_data_desc_init(
                    &operation, algorithm.kind, &source, &weights, &destination, strides, paddings, paddings),
                "dnnl_convolution_backward_data_desc_init", for: purpose)
        case .weightGradient:
            try check(
                dnnl_convolution_backward_weights_desc_init(
                    &operation, algorithm.kind, &source, &weights, nil, &destination, strides, paddings, paddings),
                "dnnl_convolution_backward_weights_desc_init", for: purpose)
        }
        return try PrimitiveDescriptor(operation: &operation, forward: forward, purpose: purpose)
    }
}
