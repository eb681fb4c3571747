import Catalogues
import Files

/// The files of a data set in a folder.
struct DatasetFolder: DatasetFiles {
    /// The data set's name.
    let dataset: String
    /// The folder; nil if none was named and none is usual.
    let path: String?
    /// The package of Debian that the files come with, if there is one.
    let package: String?
    /// What the files are called, and how they are read.
    let format: any DatasetFormat

    func paths(of part: DatasetPart) throws(DatasetError) -> [String] {
        guard let path else {
            throw .directoryMissing(dataset: dataset, files: format.fileNames)
        }
        var paths: [String] = []
        for names in format.names(of: part) {
            let candidates = names.map { path + "/" + $0 }
            // Some archives unpack a file into a folder of its name.
            let places = candidates.flatMap { [$0, $0 + "/" + ($0.split(separator: "/").last ?? "")] }
            let file = places.first(where: RegularFile.isRegular)
            guard let found = file ?? candidates.first(where: RegularFile.exists) else {
                throw .missingFile(path: candidates[0], files: format.fileNames, package: package)
            }
            paths.append(found)
        }
        return paths
    }

    func images(of part: DatasetPart, classes: Int) throws -> ImageSet {
        let readers = try paths(of: part).map { try ByteReader(path: $0) }
        return try format.images(from: readers, classes: classes)
    }
}

/// What the files of a data set are called, and how they are read.
protocol DatasetFormat: Sendable {
    /// The names of all files, in words.
    var fileNames: String { get }

    /// For each file of a part, the names it may have in the folder, the usual one first.
    func names(of part: DatasetPart) -> [[String]]

    /// Reads the files of a part, each reader being at the start of one.
    ///
    /// - Throws: `DatasetError` or `FileError`.
    func images(from readers: [ByteReader], classes: Int) throws -> ImageSet
}

extension Definition<DatasetSettings, DatasetSource> {
    /// A data set whose files are in a folder.
    ///
    /// - Parameters:
    ///   - classes: the number of different labels.
    ///   - imageShape: the shape of its images as they are published.
    ///   - format: what the files are called, and how they are read.
    ///   - usualFolder: the folder that is looked into when none is named.
    ///   - package: the package of Debian that installs the files there.
    init(
        _ name: String, _ summary: String, classes: Int, imageShape: ImageShape, format: some DatasetFormat,
        usualFolder: String? = nil, package: String? = nil
    ) {
        self.init(name, summary) { settings in
            let files = DatasetFolder(
                dataset: name, path: settings.directory ?? usualFolder, package: package, format: format)
            return DatasetSource(
                name: name, classes: classes, imageShape: imageShape, usualFolder: usualFolder, files: files)
        }
    }
}
