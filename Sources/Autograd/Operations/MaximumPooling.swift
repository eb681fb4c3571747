import OneDNN
import Threads
import Workers

extension Tape {
    /// The maximum over square windows without padding; of equal values the first one takes the gradient.
    ///
    /// - Parameters:
    ///   - x: images × height × width × channels.
    ///   - kernel: height and width of a window.
    ///   - stride: pixels between neighbouring windows.
    /// - Returns: images × output height × output width × channels. Can't be differentiated again.
    public func maximumPooling(_ x: Tensor, kernel: Int = 2, stride: Int = 2) throws -> Tensor {
        precondition(x.shape.count == 4, "max pooling takes images (NHWC), not shape \(x.shape)")
        requireImages(x)
        let (height, width, channels) = (x.shape[1], x.shape[2], x.shape[3])
        func shape(images: Int) -> PoolingShape {
            PoolingShape(
                images: images, height: height, width: width, channels: channels, kernel: kernel, stride: stride)
        }
        let one = shape(images: 1)
        let output = Tensor(
            shape: [x.shape[0], one.outputHeight, one.outputWidth, channels], needsGradient: x.needsGradient)
        let slices = layout.slices(bytesPerImage: (x.rowCount + output.rowCount) * MemoryLayout<Float>.stride)
        let positions = try slices.map {
            Buffer(byteCount: try MaxPoolingForward.cached(shape(images: $0.count)).workspaceBytes)
        }
        try Threads.forEach(slices.count) { slice in
            let images = slices[slice]
            try MaxPoolingForward.cached(shape(images: images.count)).execute(
                source: x.row(images.lowerBound), destination: output.row(images.lowerBound),
                workspace: positions[slice].address)
        }
        record("max pooling", output: output) { upstream, flow in
            try flow.requireFirstOrder("max pooling")
            let gradient = Tensor(shape: x.shape)
            try Threads.forEach(slices.count) { slice in
                let images = slices[slice]
                try MaxPoolingGradient.cached(shape(images: images.count)).execute(
                    outputGradient: upstream.row(images.lowerBound), workspace: positions[slice].address,
                    inputGradient: gradient.row(images.lowerBound))
            }
            flow.handOver(gradient, to: x)
        }
        return output
    }
}
