import Kernels
import OneDNN
import Threads
import Workers

extension Tape {
    /// A convolution with a square kernel, as PyTorch's `conv2d`.
    ///
    /// It runs slice by slice, and `observer` sees each slice, bias included, while it is still in cache: that is where a
    /// normalisation takes its moments.
    ///
    /// - Parameters:
    ///   - x: images × height × width × input channels.
    ///   - weights: output channels × input channels × kernel × kernel.
    ///   - bias: output channels; nil: none.
    ///   - stride: pixels between neighbouring windows.
    ///   - padding: rows and columns of zeros around the image.
    ///   - choice: the algorithms that it and its gradients may take.
    ///   - observer: shown each slice of the output.
    /// - Returns: images × output height × output width × output channels. Can be differentiated again without a bias.
    public func convolution(
        _ x: Tensor, _ weights: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0,
        choice: ConvolutionChoice = .fastest, observer: (any SliceObserver)? = nil
    ) throws -> Tensor {
        requireImages(x)
        let shape = convolutionShape(of: x, weights, stride: stride, padding: padding, choice: choice)
        precondition(
            bias == nil || bias?.shape == [shape.outputChannels],
            "a bias of shape \(bias?.shape ?? []) does not fit \(shape.outputChannels) output channels")
        let output = Tensor(
            shape: [shape.images, shape.outputHeight, shape.outputWidth, shape.outputChannels],
            needsGradient: x.needsGradient || weights.needsGradient || bias?.needsGradient ?? false)
        let packed = try weights.packed(for: shape)
        let slices = layout.slices(bytesPerImage: shape.bytesPerImage)
        for count in Set(slices.map(\.count)) {
            try ConvolutionForward.cached(shape.with(images: count)).prepare(packed)
        }
        observer?.begin(slices: slices)
        try Threads.forEach(slices.count) { slice in
            let images = slices[slice]
            try ConvolutionForward.cached(shape.with(images: images.count)).execute(
                source: x.row(images.lowerBound), weights: packed, destination: output.row(images.lowerBound))
            if let bias {
                let values = output.row(images.lowerBound)
                addToRows(
                    values, bias.pointer, rows: images.count * shape.outputHeight * shape.outputWidth,
                    columns: shape.outputChannels, into: values)
            }
            observer?.add(slice: slice, output.row(images.lowerBound))
        }
        observer?.end()
        recordConvolution(x, weights, bias, shape, output)
        return output
    }

    private func recordConvolution(
        _ x: Tensor, _ weights: Tensor, _ bias: Tensor?, _ shape: ConvolutionShape, _ output: Tensor
    ) {
        let layout = layout
        record("convolution", output: output) { upstream, flow in
            if let bias { try addBiasGradient(upstream, layout, to: bias, flow) }
            if let tape = flow.tape {
                if x.needsGradient {
                    flow.add(try tape.convolutionInputGradient(upstream, weights, shape), to: x)
                }
                if weights.needsGradient {
                    flow.add(try tape.convolutionWeightGradient(x, upstream, shape), to: weights)
                }
            } else {
                try addConvolutionGradients(x, weights, upstream, shape, layout, flow)
            }
        }
    }

    /// The gradient of a convolution's input, given that of its output: an operation of its own, so that it can be
    /// differentiated.
    func convolutionInputGradient(
        _ outputGradient: Tensor, _ weights: Tensor, _ shape: ConvolutionShape
    ) throws -> Tensor {
        let output = Tensor(
            shape: [shape.images, shape.height, shape.width, shape.inputChannels],
            needsGradient: outputGradient.needsGradient || weights.needsGradient)
        let slices = try InputGradientSlices(
            of: outputGradient, weights, shape, into: output, layout: layout)
        try Threads.forEach(slices.count) { try slices.compute($0) }
        let layout = layout
        record("input gradient of convolution", output: output) { upstream, flow in
            let arithmetic = flow.arithmetic(layout)
            if outputGradient.needsGradient {
                flow.add(
                    try arithmetic.convolution(
                        upstream, weights, stride: shape.stride, padding: shape.padding, choice: shape.choice),
                    to: outputGradient)
            }
            guard weights.needsGradient else { return }
            if let tape = flow.tape {
                flow.add(try tape.convolutionWeightGradient(upstream, outputGradient, shape), to: weights)
            } else {
                try addWeightGradients(upstream, outputGradient, shape, layout, to: weights, flow)
            }
        }
        return output
    }

    /// The gradient of a convolution's weights over all images, as an operation that can be differentiated.
    func convolutionWeightGradient(
        _ x: Tensor, _ outputGradient: Tensor, _ shape: ConvolutionShape
    ) throws -> Tensor {
        let output = Tensor(
            shape: shape.weightShape, needsGradient: x.needsGradient || outputGradient.needsGradient)
        output.values.update(repeating: 0)
        for images in layout.occupiedRanges {
            output.add(try workerWeightGradients(x, outputGradient, shape, [images])[0])
        }
        let layout = layout
        record("weight gradient of convolution", output: output) { upstream, flow in
            let arithmetic = flow.arithmetic(layout)
            if x.needsGradient {
                flow.add(try arithmetic.convolutionInputGradient(outputGradient, upstream, shape), to: x)
            }
            if outputGradient.needsGradient {
                flow.add(
                    try arithmetic.convolution(
                        x, upstream, stride: shape.stride, padding: shape.padding, choice: shape.choice),
                    to: outputGradient)
            }
        }
        return output
    }
}

private func convolutionShape(
    of x: Tensor, _ weights: Tensor, stride: Int, padding: Int, choice: ConvolutionChoice
) -> ConvolutionShape {
    precondition(
        x.shape.count == 4 && weights.shape.count == 4 && weights.shape[1] == x.shape[3]
            && weights.shape[2] == weights.shape[3],
        "weights of shape \(weights.shape) (output, input, kernel, kernel) do not fit images of shape \(x.shape) (NHWC)"
    )
    return ConvolutionShape(
        images: x.shape[0], height: x.shape[1], width: x.shape[2], inputChannels: weights.shape[1],
        outputChannels: weights.shape[0], kernel: weights.shape[2], stride: stride, padding: padding, choice: choice)
}

extension ConvolutionShape {
    var weightShape: [Int] { [outputChannels, inputChannels, kernel, kernel] }
}
