/// Why a data set can't be used: the content of its files, or what was asked for. (What the system refuses to read is
/// told by `FileError`.) Each description is one sentence that names the file and says what to do.
public enum DatasetError: Error, Equatable, Sendable {
    /// The catalogue has no data set of that name.
    case unknownName(String)
    /// No folder was named for a data set that has no usual one; `files` are those it must hold, in words.
    case directoryMissing(dataset: String, files: String)
    /// A folder was named for a data set that is part of the program.
    case directoryUnused(dataset: String, directory: String)
    /// A file isn't there; `files` are those that its folder must hold, in words, and `package` is the package of Debian
    /// that they come with, if there is one.
    case missingFile(path: String, files: String, package: String?)
    /// The compressed data of a file don't decompress, fail their checksum or end early.
    case corruptGzip(path: String, reason: String)
    /// A file ends before the number of (uncompressed) bytes that its header or format promises.
    case truncated(path: String, expectedBytes: Int, foundBytes: Int)
    /// A file goes on after the number of (uncompressed) bytes that its header or format promises.
    case trailingBytes(path: String, expectedBytes: Int)
    /// The first four bytes of an IDX file aren't those of what is looked for: other elements, or other dimensions.
    case wrongMagic(path: String, expected: IDXMagic, found: UInt32)
    /// A header whose dimensions multiply to more bytes than can be counted.
    case impossibleSize(path: String, dimensions: [Int])
    /// A file without a single pixel.
    case noImages(path: String, dimensions: [Int])
    /// As many images as labels are needed.
    case countMismatch(imagePath: String, images: Int, labelPath: String, labels: Int)
    /// A label that isn't one of 0..<classes.
    case labelBeyondClasses(path: String, index: Int, label: Int, classes: Int)
    /// Test images of other height, width or channels than the training images.
    case shapeMismatch(path: String, shape: ImageShape, trainShape: ImageShape)
    /// More training images were asked for than there are, or less than one.
    case trainImagesOutOfRange(dataset: String, requested: Int, available: Int)
    /// More images were to be held out of training than there are, or all of them.
    case validationOutOfRange(dataset: String, requested: Int, available: Int)
    /// There are fewer training images than parts were asked for.
    case partWithoutImages(dataset: String, part: TrainingPart, available: Int)
}

/// The first four bytes of an IDX file, big endian: unsigned bytes in three dimensions or in one.
public enum IDXMagic: UInt32, Sendable {
    /// Images: count × height × width.
    case images = 0x0000_0803
    /// Labels: count.
    case labels = 0x0000_0801
}

extension DatasetError: CustomStringConvertible {
    /// What is wrong, where, and what to do, in one sentence.
    public var description: String {
        switch self {
        case .unknownName(let name):
            "there is no data set '\(name)': choose one of \(Dataset.catalogue.map(\.name).joined(separator: ", "))"
        case .directoryMissing(let dataset, let files):
            "\(dataset) has no default folder: name the one that holds \(files) with --data DIR"
        case .directoryUnused(let dataset, let directory):
            "\(dataset) is part of the program and reads nothing from \(directory): leave out --data, "
                + "or choose another data set with --dataset"
        case .missingFile(let path, let files, let package):
            "\(path) is missing: " + (package.map { "install Debian's package \($0), or " } ?? "")
                + "name the folder that holds \(files) with --data DIR"
        case .corruptGzip(let path, let reason):
            "\(path) is corrupt (\(reason)): fetch it again"
        case .truncated(let path, let expected, let found):
            "\(path) is truncated (\(found) of \(expected) uncompressed bytes): fetch it again"
        case .trailingBytes(let path, let expected):
            "\(path) goes on after the \(expected) uncompressed bytes that it should hold: fetch it again"
        case .wrongMagic(let path, let expected, let found):
            wrongMagicDescription(path: path, expected: expected, found: found)
        case .impossibleSize(let path, let dimensions):
            "\(path) claims the impossible size \(product(dimensions)) in its header: fetch it again"
        case .noImages(let path, let dimensions):
            "\(path) holds no images (\(product(dimensions)) pixels): fetch it again"
        case .countMismatch(let imagePath, let images, let labelPath, let labels):
            "\(imagePath) holds \(images) images but \(labelPath) holds \(labels) labels: "
                + "use files that belong together"
        case .labelBeyondClasses(let path, let index, let label, let classes):
            "\(path) gives image \(index) (counted from 0) the label \(label), beyond 0 to \(classes - 1): "
                + "use a data set of \(classes) classes"
        case .shapeMismatch(let path, let shape, let trainShape):
            "\(path) holds images of \(shape), unlike the training images of \(trainShape): "
                + "use files that belong together"
        case .trainImagesOutOfRange(let dataset, let requested, let available):
            "\(requested) training images can't be taken from \(dataset), which has \(available) to train on: "
                + "choose 1 to \(available) with --train-images"
        case .validationOutOfRange(let dataset, let requested, let available):
            "\(requested) images can't be held out of the \(available) training images of \(dataset): "
                + "choose 0 to \(available - 1) with --set dataset.validation"
        case .partWithoutImages(let dataset, let part, let available):
            "the \(available) training images of \(dataset) can't be divided into \(part.count) parts: "
                + "choose at most \(available) with --set dataset.part"
        }
    }

    private func wrongMagicDescription(path: String, expected: IDXMagic, found: UInt32) -> String {
        let other: IDXMagic = expected == .images ? .labels : .images
        guard let (element, dimensionCount) = IDXElement.read(magic: found) else {
            return "\(path) should hold \(expected) (first bytes \(hexadecimal(expected.rawValue))) "
                + "but begins with \(hexadecimal(found)): use the file in the IDX format"
        }
        let remedy =
            switch dimensionCount {
            case expected.dimensionCount: "write them as unsigned bytes"
            case other.dimensionCount: "the two files may have been given each other's name"
            default: "use the file of \(expected)"
            }
        let dimensions = dimensionCount == 1 ? "1 dimension" : "\(dimensionCount) dimensions"
        return "\(path) should hold \(expected) (\(words(for: expected))) but holds \(element.words) in \(dimensions): "
            + remedy
    }

    private func words(for content: IDXMagic) -> String {
        content == .images ? "unsigned bytes in 3 dimensions" : "whole numbers in 1 dimension"
    }

    private func hexadecimal(_ word: UInt32) -> String {
        let digits = String(word, radix: 16)
        return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    }

    private func product(_ dimensions: [Int]) -> String {
        dimensions.map(String.init).joined(separator: "×")
    }
}
