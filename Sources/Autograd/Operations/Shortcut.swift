extension Tape {
    /// Every `stride`-th pixel of every `stride`-th row, with channels of zeros before and behind: the shortcut without
    /// parameters of He et al. 2016 (section 3.3, option A).
    ///
    /// - Parameters:
    ///   - x: images × height × width × channels.
    ///   - stride: in rows and columns.
    ///   - channels: of the output; those that are added stand to equal parts on both sides.
    /// - Returns: images × ⌈height/stride⌉ × ⌈width/stride⌉ × channels. Can't be differentiated again.
    public func shortcut(_ x: Tensor, stride: Int, channels: Int) -> Tensor {
        precondition(
            x.shape.count == 4 && stride >= 1 && channels >= x.shape[3],
            "a shortcut with stride \(stride) and \(channels) channels does not fit images of shape \(x.shape) (NHWC)")
        let pixels = ShortcutPixels(x.shape, stride: stride, channels: channels)
        let output = Tensor(
            shape: [x.shape[0], pixels.height, pixels.width, channels], needsGradient: x.needsGradient)
        output.values.update(repeating: 0)
        pixels.forEach { source, destination in
            (output.pointer + destination).update(from: x.pointer + source, count: x.shape[3])
        }
        record("shortcut", output: output) { upstream, flow in
            try flow.requireFirstOrder("shortcut")
            let gradient = Tensor(shape: x.shape)
            gradient.values.update(repeating: 0)
            pixels.forEach { source, destination in
                (gradient.pointer + source).update(from: upstream.pointer + destination, count: x.shape[3])
            }
            flow.handOver(gradient, to: x)
        }
        return output
    }
}

/// Which pixel of the input each pixel of the output comes from.
private struct ShortcutPixels {
    private let input: [Int]
    private let stride: Int
    private let channels: Int
    let height: Int
    let width: Int

    init(_ input: [Int], stride: Int, channels: Int) {
        self.input = input
        self.stride = stride
        self.channels = channels
        height = (input[1] + stride - 1) / stride
        width = (input[2] + stride - 1) / stride
    }

    /// - Parameter body: given where the channels of a pixel begin, in the input and in the output.
    func forEach(_ body: (_ source: Int, _ destination: Int) -> Void) {
        let padding = (channels - input[3]) / 2
        for image in 0..<input[0] {
            for row in 0..<height {
                for column in 0..<width {
                    let source = (image * input[1] + row * stride) * input[2] + column * stride
                    let destination = (image * height + row) * width + column
                    body(source * input[3], destination * channels + padding)
                }
            }
        }
    }
}
