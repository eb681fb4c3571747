import Datasets
import Kernels

extension Dataset {
    /// Random images in the shape of a data set, for measurements that need no files.
    static func synthetic(_ name: DatasetName, images: Int) -> Dataset {
        let train = ImageSet.random(name, count: images)
        return Dataset(name: name, train: train, test: train.prefix(1))
    }
}

extension DatasetName {
    /// Rows, columns and channels of its images.
    var imageShape: (height: Int, width: Int, channels: Int) {
        switch self {
        case .digits: (8, 8, 1)
        case .mnist, .fashionMNIST: (28, 28, 1)
        case .cifar10: (32, 32, 3)
        }
    }
}

extension ImageSet {
    fileprivate static func random(_ name: DatasetName, count: Int) -> ImageSet {
        var generator = SeededGenerator(seed: 1, for: "synthetic images")
        let (height, width, channels) = name.imageShape
        func byte() -> UInt8 { UInt8(truncatingIfNeeded: generator.next() >> 56) }
        return ImageSet(
            height: height, width: width, channels: channels, classes: name.classes,
            images: (0..<count * height * width * channels).map { _ in byte() },
            labels: (0..<count).map { _ in byte() % UInt8(name.classes) })
    }
}
