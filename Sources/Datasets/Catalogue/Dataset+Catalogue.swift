import Catalogues

extension Dataset {
    /// The data sets that can be chosen by name, each defined in a file of its own or of its family.
    public static let catalogue: [Definition<DatasetSettings, DatasetSource>] = [digits, fashionMNIST, mnist, cifar10]

    /// A data set of the catalogue, not loaded yet.
    ///
    /// - Throws: `DatasetError` if there is none of that name, or if it can't work with the settings.
    public static func source(
        _ name: String, _ settings: DatasetSettings = DatasetSettings()
    ) throws -> DatasetSource {
        guard let definition = catalogue.named(name) else { throw DatasetError.unknownName(name) }
        return try definition.make(settings)
    }
}

/// What a data set is made from.
public struct DatasetSettings: Sendable {
    /// The folder of its files; nil for the usual one. The embedded digits have none.
    public var directory: String?
    /// How many training images to keep, the first ones; nil for all.
    public var trainImages: Int?

    /// The settings of a data set; by default all of its images, from the usual folder.
    ///
    /// - Parameters:
    ///   - directory: the folder of its files; nil for the usual one. The embedded digits have none.
    ///   - trainImages: how many training images to keep, the first ones; nil for all.
    public init(directory: String? = nil, trainImages: Int? = nil) {
        self.directory = directory
        self.trainImages = trainImages
    }
}
