/// A data set that is not loaded yet, and what is known of it all the same.
public struct DatasetSource: Sendable {
    /// Its name in the catalogue.
    public let name: String
    /// The number of different labels.
    public let classes: Int
    /// The shape of its images as they are published. Files of another shape are read as they are.
    public let imageShape: ImageShape
    /// The folder that is looked into when none is named; nil where there is no such custom.
    public let usualFolder: String?
    /// Where the images are.
    let files: any DatasetFiles

    /// Reads the data set, all of its images.
    ///
    /// Nothing else is loaded in place of what is missing: `isAvailable` tells beforehand.
    ///
    /// - Throws: `DatasetError` or `FileError`.
    public func load() throws -> Dataset {
        let train = try files.images(of: .train, classes: classes)
        let test = try files.images(of: .test, classes: classes)
        guard test.shape == train.shape else {
            throw DatasetError.shapeMismatch(
                path: try files.paths(of: .test)[0], shape: test.shape, trainShape: train.shape)
        }
        return Dataset(name: name, train: train, test: test)
    }

    /// Whether all of its files are there. Their content isn't looked at.
    public var isAvailable: Bool {
        (try? files.paths(of: .train)) != nil && (try? files.paths(of: .test)) != nil
    }
}

/// Where the images of a data set are.
protocol DatasetFiles: Sendable {
    /// The files of a part, by the names that messages use.
    ///
    /// - Throws: `DatasetError` if one isn't there.
    func paths(of part: DatasetPart) throws(DatasetError) -> [String]

    /// Reads the images and labels of a part.
    ///
    /// - Throws: `DatasetError` or `FileError`.
    func images(of part: DatasetPart, classes: Int) throws -> ImageSet
}

/// One of the two halves of a data set.
enum DatasetPart {
    case train, test
}
