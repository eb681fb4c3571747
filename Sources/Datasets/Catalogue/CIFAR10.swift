import Catalogues

extension Dataset {
    static let cifar10 = Definition(
        "cifar10", "60,000 colour photographs of 32×32 pixels, in the binary version of its files",
        classes: 10, imageShape: ImageShape(height: 32, width: 32, channels: 3), format: CIFAR10Format())
}

/// Five files of training images and one of test images, in the folder or in the one that its archive unpacks to.
private struct CIFAR10Format: DatasetFormat {
    let fileNames = "data_batch_1.bin to data_batch_5.bin and test_batch.bin"

    func names(of part: DatasetPart) -> [[String]] {
        let names = part == .train ? (1...5).map { "data_batch_\($0).bin" } : ["test_batch.bin"]
        return names.map { [$0, "cifar-10-batches-bin/" + $0] }
    }

    func images(from readers: [ByteReader], classes: Int) throws -> ImageSet {
        try CIFAR10Batch.load(readers, classes: classes)
    }
}
