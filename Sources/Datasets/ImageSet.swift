/// Labelled images, decoded and kept as bytes. A rank may keep the bytes of only some; it knows the labels of all.
public struct ImageSet: Sendable {
    /// Number of rows of each image.
    public let height: Int
    /// Number of pixels in a row.
    public let width: Int
    /// Number of values of a pixel: 1 for grey, 3 for red, green and blue.
    public let channels: Int
    /// Number of different labels.
    public let classes: Int
    /// Values of the images that are kept, all unless others were chosen: kept × height × width × channels, in ascending
    /// order of the images, the channel running fastest.
    public let images: [UInt8]
    /// count labels, each one of 0..<classes.
    public let labels: [UInt8]
    /// The place of each image among those that are kept, −1 for one that isn't; nil: all are kept.
    private let places: [Int32]?

    /// Number of images.
    public var count: Int { labels.count }

    /// Number of values of an image.
    public var valuesPerImage: Int { height * width * channels }

    /// - Parameters:
    ///   - height: number of rows of each image.
    ///   - width: number of pixels in a row.
    ///   - channels: number of values of a pixel.
    ///   - classes: number of different labels.
    ///   - images: kept × height × width × channels values, the channel running fastest.
    ///   - labels: count labels, each one of 0..<classes.
    ///   - kept: the images that `images` has, in ascending order; nil: all.
    public init(
        height: Int, width: Int, channels: Int, classes: Int, images: [UInt8], labels: [UInt8], kept: [Int]? = nil
    ) {
        precondition(
            images.count == (kept?.count ?? labels.count) * height * width * channels,
            "\(images.count) values are not \(labels.count) images of \(height)×\(width)×\(channels)")
        precondition(labels.allSatisfy { $0 < classes }, "a label lies beyond the \(classes) classes")
        self.height = height
        self.width = width
        self.channels = channels
        self.classes = classes
        self.images = images
        self.labels = labels
        places = kept.map { kept in
            var places = Array(repeating: Int32(-1), count: labels.count)
            for (place, image) in kept.enumerated() { places[image] = Int32(place) }
            return places
        }
    }

    /// Where the bytes of an image that is kept stand in `images`.
    func bytes(ofImage index: Int) -> Range<Int> {
        precondition(0..<count ~= index, "image \(index) of \(count)")
        let place = places.map { Int($0[index]) } ?? index
        precondition(place >= 0, "image \(index) is not kept on this rank")
        return place * valuesPerImage..<(place + 1) * valuesPerImage
    }

    /// Gathers images as the values that networks meet.
    ///
    /// - Parameters:
    ///   - destination: indices × height × width × channels, overwritten.
    ///   - indices: which images, all of them kept, in the order in which they are written.
    ///   - normalization: makes values of bytes.
    ///   - augmentation: changes the bytes before; nil: they stay as they are.
    public func fill(
        _ destination: UnsafeMutableBufferPointer<Float>, with indices: some Collection<Int>,
        normalization: PixelNormalization, augmentation: EpochAugmentation? = nil
    ) {
        precondition(
            destination.count == indices.count * valuesPerImage,
            "\(indices.count) images of \(valuesPerImage) values don't fill \(destination.count) values")
        precondition(
            normalization.channels == channels,
            "a normalisation of \(normalization.channels) channels for images of \(channels)")
        var changed = Array(repeating: UInt8(0), count: augmentation == nil ? 0 : 2 * valuesPerImage)
        images.withUnsafeBufferPointer { bytes in
            var start = 0
            for index in indices {
                let image = UnsafeBufferPointer(rebasing: bytes[self.bytes(ofImage: index)])
                let values = UnsafeMutableBufferPointer(rebasing: destination[start..<(start + valuesPerImage)])
                if let augmentation {
                    augmentation.apply(to: image, index: index, shape: shape, scratch: &changed)
                    changed.withUnsafeBufferPointer {
                        normalization.normalize(
                            UnsafeBufferPointer(rebasing: $0[..<valuesPerImage]), into: values, width: width)
                    }
                } else {
                    normalization.normalize(image, into: values, width: width)
                }
                start += valuesPerImage
            }
        }
    }
}
