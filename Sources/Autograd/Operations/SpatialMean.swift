import Kernels

extension Tape {
    /// The mean over the pixels of each image and channel (global average pooling), summed in Double.
    ///
    /// - Parameter x: images × height × width × channels.
    /// - Returns: images × channels. Can't be differentiated again.
    public func spatialMean(_ x: Tensor) -> Tensor {
        precondition(x.shape.count == 4, "global average pooling takes images (NHWC), not shape \(x.shape)")
        let (images, channels) = (x.shape[0], x.shape[3])
        let pixels = x.shape[1] * x.shape[2]
        let output = Tensor(shape: [images, channels], needsGradient: x.needsGradient)
        for image in 0..<images {
            channelMeans(of: x.row(image), pixels: pixels, channels: channels, into: output.row(image))
        }
        record("global average pooling", output: output) { upstream, flow in
            try flow.requireFirstOrder("global average pooling")
            let gradient = Tensor(shape: x.shape)
            for image in 0..<images {
                spreadChannels(
                    of: upstream.row(image), factor: 1 / Float(pixels), pixels: pixels, channels: channels,
                    into: gradient.row(image))
            }
            flow.handOver(gradient, to: x)
        }
        return output
    }
}
