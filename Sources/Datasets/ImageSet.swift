/// Labelled images, decoded and kept as bytes.
public struct ImageSet: Sendable {
    /// Number of rows of each image.
    public let height: Int
    /// Number of pixels in a row.
    public let width: Int
    /// Number of values of a pixel: 1 for grey, 3 for red, green and blue.
    public let channels: Int
    /// Number of different labels.
    public let classes: Int
    /// count × height × width × channels values, the channel running fastest.
    public let images: [UInt8]
    /// count labels, each one of 0..<classes.
    public let labels: [UInt8]

    /// Number of images.
    public var count: Int { labels.count }

    /// Number of values of an image.
    public var valuesPerImage: Int { height * width * channels }

    /// - Parameters:
    ///   - height: number of rows of each image.
    ///   - width: number of pixels in a row.
    ///   - channels: number of values of a pixel.
    ///   - classes: number of different labels.
    ///   - images: count × height × width × channels values, the channel running fastest.
    ///   - labels: count labels, each one of 0..<classes.
    public init(height: Int, width: Int, channels: Int, classes: Int, images: [UInt8], labels: [UInt8]) {
        precondition(
            images.count == labels.count * height * width * channels,
            "\(images.count) values are not \(labels.count) images of \(height)×\(width)×\(channels)")
        precondition(labels.allSatisfy { $0 < classes }, "a label lies beyond the \(classes) classes")
        self.height = height
        self.width = width
        self.channels = channels
        self.classes = classes
        self.images = images
        self.labels = labels
    }

    /// Gathers images as normalised values: (byte − mean)/deviation, with the mean and deviation of its channel.
    ///
    /// - Parameters:
    ///   - destination: indices × height × width × channels, overwritten.
    ///   - indices: which images, in the order in which they are written.
    ///   - normalization: the channels' means and deviations.
    public func fill(
        _ destination: UnsafeMutableBufferPointer<Float>, with indices: some Collection<Int>,
        normalization: PixelNormalization
    ) {
        precondition(
            destination.count == indices.count * valuesPerImage,
            "\(indices.count) images of \(valuesPerImage) values don't fill \(destination.count) values")
        precondition(
            normalization.channels == channels,
            "a normalisation of \(normalization.channels) channels for images of \(channels)")
        images.withUnsafeBufferPointer { bytes in
            var start = 0
            for index in indices {
                precondition(0..<count ~= index, "image \(index) of \(count)")
                normalization.normalize(
                    UnsafeBufferPointer(rebasing: bytes[(index * valuesPerImage)..<((index + 1) * valuesPerImage)]),
                    into: UnsafeMutableBufferPointer(rebasing: destination[start..<(start + valuesPerImage)]))
                start += valuesPerImage
            }
        }
    }
}
