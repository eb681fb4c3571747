import Catalogues

/// MNIST, and what comes in files like its own.
extension Dataset {
    static let mnist = Definition(
        "mnist", "70,000 handwritten digits of 28×28 pixels",
        classes: 10, imageShape: ImageShape(height: 28, width: 28, channels: 1), format: MNISTFormat(),
        usualFolder: "/usr/share/datasets/mnist")

    static let fashionMNIST = Definition(
        "fashion-mnist", "70,000 pictures of clothing of 28×28 pixels, in the files of MNIST",
        classes: 10, imageShape: ImageShape(height: 28, width: 28, channels: 1), format: MNISTFormat(),
        usualFolder: "/usr/share/datasets/fashion-mnist", package: "dataset-fashion-mnist")
}

/// An IDX file of images and one of labels, compressed or not.
private struct MNISTFormat: DatasetFormat {
    let fileNames =
        "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte "
        + "(with or without .gz)"

    func names(of part: DatasetPart) -> [[String]] {
        let prefix = part == .train ? "train" : "t10k"
        return ["images", "labels"].map { content in
            let dimensions = content == "images" ? 3 : 1
            // Some who unpack the files leave a dot in place of a hyphen.
            return ["-", "."].flatMap { separator in
                let name = "\(prefix)-\(content)\(separator)idx\(dimensions)-ubyte"
                return [name, name + ".gz"]
            }
        }
    }

    func images(from readers: [ByteReader], classes: Int) throws -> ImageSet {
        try ImageSet(idxImages: readers[0], labels: readers[1], classes: classes)
    }
}
