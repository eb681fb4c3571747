/// The extents of a two-dimensional pooling with a square window over a slice of images.
public struct PoolingShape: Hashable, Sendable, CustomStringConvertible {
    /// Images in the slice.
    public let images: Int
    /// Rows of an input image.
    public let height: Int
    /// Columns of an input image.
    public let width: Int
    /// Channels of input and output.
    public let channels: Int
    /// Rows and columns of the window.
    public let kernel: Int
    /// Distance between two windows, in both directions.
    public let stride: Int
    /// Rows and columns around the image, on each side, that never are the maximum.
    public let padding: Int

    /// Takes any extents; `verify` or making a primitive refuses those without an output.
    public init(
        images: Int, height: Int, width: Int, channels: Int, kernel: Int = 2, stride: Int = 2, padding: Int = 0
    ) {
        self.images = images
        self.height = height
        self.width = width
        self.channels = channels
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
    }

    /// Rows of an output image: ⌊(height + 2·padding − kernel) / stride⌋ + 1.
    public var outputHeight: Int { windows(in: height, kernel: kernel, stride: stride, padding: padding) }
    /// Columns of an output image: ⌊(width + 2·padding − kernel) / stride⌋ + 1.
    public var outputWidth: Int { windows(in: width, kernel: kernel, stride: stride, padding: padding) }
    /// Elements of the input: images × height × width × channels.
    public var sourceCount: Int { images * height * width * channels }
    /// Elements of the output: images × outputHeight × outputWidth × channels.
    public var destinationCount: Int { images * outputHeight * outputWidth * channels }

    /// For example `pooling of 32×28×28×32, kernel 2, stride 2, padding 0`.
    public var description: String {
        "pooling of \(images)×\(height)×\(width)×\(channels), kernel \(kernel), stride \(stride), padding \(padding)"
    }

    /// Throws `impossibleShape` unless there is an output and every window meets the image.
    public func verify() throws {
        guard images > 0, channels > 0, padding < kernel,
            hasWindows(in: height, kernel: kernel, stride: stride, padding: padding),
            hasWindows(in: width, kernel: kernel, stride: stride, padding: padding)
        else { throw OneDNNError.impossibleShape("The \(self)") }
    }
}
