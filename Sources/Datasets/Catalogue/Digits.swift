import Catalogues

extension Dataset {
    /// By E. Alpaydin and C. Kaynak (UCI Machine Learning Repository, 1998), as `Digits/README.md` tells.
    static let digits = Definition<DatasetSettings, DatasetSource>(
        "digits", "1,797 handwritten digits of 8×8 pixels, part of the program"
    ) { settings in
        if let directory = settings.directory {
            throw DatasetError.directoryUnused(dataset: "digits", directory: directory)
        }
        return DatasetSource(
            name: "digits", classes: 10, imageShape: ImageShape(height: 8, width: 8, channels: 1), usualFolder: nil,
            files: EmbeddedDigits())
    }
}

/// IDX files that are part of the program.
private struct EmbeddedDigits: DatasetFiles {
    func paths(of part: DatasetPart) -> [String] {
        ["the program's \(part) images", "the program's \(part) labels"]
    }

    func images(of part: DatasetPart, classes: Int) throws -> ImageSet {
        let readers = zip(files(of: part), paths(of: part)).map { ByteReader(bytes: $0, path: $1) }
        return try ImageSet(idxImages: readers[0], labels: readers[1], classes: classes)
    }

    private func files(of part: DatasetPart) -> [[UInt8]] {
        switch part {
        case .train: [PackageResources.train_images_idx3_ubyte_gz, PackageResources.train_labels_idx1_ubyte_gz]
        case .test: [PackageResources.t10k_images_idx3_ubyte_gz, PackageResources.t10k_labels_idx1_ubyte_gz]
        }
    }
}
