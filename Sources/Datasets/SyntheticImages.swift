import Kernels

extension DatasetSource {
    /// Random images in the shape of the data set, with random labels, for measurements that need no files.
    ///
    /// The same in every process and at any time. One of them is the only test image.
    ///
    /// - Parameter images: the number of training images, at least one.
    public func synthetic(images: Int) -> Dataset {
        var generator = SeededGenerator(seed: 1, for: "synthetic images")
        func byte() -> UInt8 { UInt8(truncatingIfNeeded: generator.next() >> 56) }
        let shape = imageShape
        let train = ImageSet(
            height: shape.height, width: shape.width, channels: shape.channels, classes: classes,
            images: (0..<images * shape.height * shape.width * shape.channels).map { _ in byte() },
            labels: (0..<images).map { _ in byte() % UInt8(classes) })
        return Dataset(name: name, train: train, test: train.subset([0]))
    }
}
