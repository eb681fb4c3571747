import Catalogues

extension Dataset {
    /// The data sets that can be chosen by name, each defined in a file of its own or of its family.
    public static let catalogue: [Definition<DatasetSettings, DatasetSource>] = [digits, fashionMNIST, mnist, cifar10]

    /// A data set of the catalogue, not loaded yet.
    ///
    /// - Throws: `DatasetError` if there is none of that name, or if it can't work with the settings.
    public static func source(
        _ name: String, _ settings: DatasetSettings = DatasetSettings(directory: nil, trainImages: nil)
    ) throws -> DatasetSource {
        guard let definition = catalogue.named(name) else { throw DatasetError.unknownName(name) }
        return try definition.make(settings)
    }
}
