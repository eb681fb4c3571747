import Files
import Foundation

/// The files of one data set: where they are and how they are read.
struct DatasetFiles {
    enum Part {
        case train, test
    }

    private let name: DatasetName
    /// nil for the files that are part of the program.
    private let directory: String?

    /// - Throws: `DatasetError` if a folder is needed but not named, or named but not needed.
    init(_ name: DatasetName, directory: String?) throws(DatasetError) {
        if name == .digits, let directory {
            throw .directoryUnused(dataset: name, directory: directory)
        }
        self.name = name
        self.directory = directory ?? name.defaultDirectory
        if name != .digits, self.directory == nil {
            throw .directoryMissing(dataset: name)
        }
    }

    /// Reads the images and labels of a part.
    func load(_ part: Part) throws -> ImageSet {
        let readers = try readers(of: part)
        return switch name {
        case .cifar10: try CIFAR10Batch.load(readers, classes: name.classes)
        case .digits, .mnist, .fashionMNIST:
            try ImageSet(idxImages: readers[0], labels: readers[1], classes: name.classes)
        }
    }

    /// The files of a part, by the names that messages use; for IDX first the images, then the labels.
    ///
    /// - Throws: `DatasetError.missingFile` for the first one that isn't there.
    func paths(of part: Part) throws(DatasetError) -> [String] {
        guard let directory else {
            return ["the program's \(part) images", "the program's \(part) labels"]
        }
        var paths: [String] = []
        for candidates in candidates(of: part) {
            let candidatePaths = candidates.map { directory + "/" + $0 }
            guard let path = candidatePaths.first(where: RegularFile.exists) else {
                throw .missingFile(path: candidatePaths[0], dataset: name)
            }
            paths.append(path)
        }
        return paths
    }

    private func readers(of part: Part) throws -> [ByteReader] {
        let paths = try paths(of: part)
        var readers: [ByteReader] = []
        if directory == nil {
            for (path, bytes) in zip(paths, Self.digits(part)) {
                readers.append(ByteReader(bytes: bytes, path: path))
            }
        } else {
            for path in paths {
                readers.append(try ByteReader(path: path))
            }
        }
        return readers
    }

    /// Per file, the names it may have, the usual one first.
    private func candidates(of part: Part) -> [[String]] {
        switch name {
        case .digits, .mnist, .fashionMNIST:
            let prefix = part == .train ? "train" : "t10k"
            return ["images-idx3-ubyte", "labels-idx1-ubyte"].map { suffix in
                let usual = "\(prefix)-\(suffix)"
                let dotted = usual.replacingOccurrences(of: "-idx", with: ".idx")
                return [usual, usual + ".gz", dotted, dotted + ".gz"]
            }
        case .cifar10:
            let names = part == .train ? (1...5).map { "data_batch_\($0).bin" } : ["test_batch.bin"]
            return names.map { [$0, "cifar-10-batches-bin/" + $0] }
        }
    }

    /// The images and the labels that are part of the program.
    private static func digits(_ part: Part) -> [[UInt8]] {
        switch part {
        case .train: [PackageResources.train_images_idx3_ubyte_gz, PackageResources.train_labels_idx1_ubyte_gz]
        case .test: [PackageResources.t10k_images_idx3_ubyte_gz, PackageResources.t10k_labels_idx1_ubyte_gz]
        }
    }
}
