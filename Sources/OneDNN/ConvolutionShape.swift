/// The extents of a two-dimensional convolution with a square kernel over a slice of images, and how it may be computed.
public struct ConvolutionShape: Hashable, Sendable, CustomStringConvertible {
    /// Images in the slice.
    public let images: Int
    /// Rows of an input image.
    public let height: Int
    /// Columns of an input image.
    public let width: Int
    /// Channels of the input.
    public let inputChannels: Int
    /// Channels of the output.
    public let outputChannels: Int
    /// Rows and columns of the kernel.
    public let kernel: Int
    /// Distance between two applications of the kernel, in both directions.
    public let stride: Int
    /// Rows and columns of zeros around the image, on each side.
    public let padding: Int
    /// The algorithms that may compute it.
    public let choice: ConvolutionChoice

    /// Takes any extents; `verify` or making a primitive refuses those without an output.
    public init(
        images: Int, height: Int, width: Int, inputChannels: Int, outputChannels: Int, kernel: Int, stride: Int = 1,
        padding: Int = 0, choice: ConvolutionChoice = .fastest
    ) {
        self.images = images
        self.height = height
        self.width = width
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.choice = choice
    }

    /// The same over another number of images.
    public func with(images: Int) -> ConvolutionShape {
        ConvolutionShape(
            images: images, height: height, width: width, inputChannels: inputChannels,
            outputChannels: outputChannels, kernel: kernel, stride: stride, padding: padding, choice: choice)
    }

    /// Rows of an output image: ⌊(height + 2·padding − kernel) / stride⌋ + 1.
    public var outputHeight: Int { windows(in: height, kernel: kernel, stride: stride, padding: padding) }
    /// Columns of an output image: ⌊(width + 2·padding − kernel) / stride⌋ + 1.
    public var outputWidth: Int { windows(in: width, kernel: kernel, stride: stride, padding: padding) }
    /// Elements of the input: images × height × width × inputChannels.
    public var sourceCount: Int { images * height * width * inputChannels }
    /// Elements of the output: images × outputHeight × outputWidth × outputChannels.
    public var destinationCount: Int { images * outputHeight * outputWidth * outputChannels }
    /// Bytes of an image's input and output.
    public var bytesPerImage: Int {
        (height * width * inputChannels + outputHeight * outputWidth * outputChannels) * MemoryLayout<Float>.stride
    }
    /// Elements of the weights: outputChannels × inputChannels × kernel × kernel.
    public var weightCount: Int { outputChannels * inputChannels * kernel * kernel }
    /// Floating-point operations of the forward pass, a multiplication and an addition counted as two and products with
    /// padding included. Each of the two backward passes takes as many.
    public var forwardFlops: Int { 2 * destinationCount * inputChannels * kernel * kernel }

    /// For example `convolution of 32×28×28×1 with 32×1×3×3, stride 1, padding 1`.
    public var description: String {
        "convolution of \(images)×\(height)×\(width)×\(inputChannels) with "
            + "\(outputChannels)×\(inputChannels)×\(kernel)×\(kernel), stride \(stride), padding \(padding)"
    }

    /// Throws `impossibleShape` unless there is an output.
    public func verify() throws {
        guard images > 0, inputChannels > 0, outputChannels > 0,
            hasWindows(in: height, kernel: kernel, stride: stride, padding: padding),
            hasWindows(in: width, kernel: kernel, stride: stride, padding: padding)
        else { throw OneDNNError.impossibleShape("The \(self)") }
    }
}

/// How many times a kernel fits along an axis; 0 where the extents make no sense.
func windows(in extent: Int, kernel: Int, stride: Int, padding: Int) -> Int {
    guard hasWindows(in: extent, kernel: kernel, stride: stride, padding: padding) else { return 0 }
    return (extent + 2 * padding - kernel) / stride + 1
}

func hasWindows(in extent: Int, kernel: Int, stride: Int, padding: Int) -> Bool {
    extent > 0 && kernel > 0 && stride > 0 && padding >= 0 && extent + 2 * padding >= kernel
}
