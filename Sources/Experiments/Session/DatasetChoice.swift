import Datasets

extension Session {
    /// Loads the images of a configuration, on every rank.
    ///
    /// When nobody asked for the default data set and its files are missing on some host, the embedded digits step in,
    /// with a notice.
    ///
    /// - Parameters:
    ///   - nameIsDefault: nobody named a data set.
    ///   - countIsDefault: nobody said how many training images; a smaller data set is then used whole.
    /// - Returns: the images and the configuration that was really used.
    func loadDataset(
        _ configuration: Configuration, nameIsDefault: Bool, countIsDefault: Bool
    ) throws -> (dataset: Dataset, configuration: Configuration) {
        var used = configuration
        let settings = configuration.dataset
        let isHere = Dataset.isAvailable(settings.name, directory: settings.directory)
        let isEverywhere = try communicator.allreduce(isHere ? 1 : 0, .min) == 1
        if nameIsDefault, settings.directory == nil, !isEverywhere {
            used.dataset.name = .digits
            logger.notice(
                """
                the files of \(settings.name.rawValue) are missing (Debian's package dataset-fashion-mnist has them), \
                so the embedded digits are used.
                """)
        }
        let dataset = try agree { try load(used.dataset, countIsDefault: countIsDefault) }
        used.dataset.trainImages = dataset.train.count
        return (dataset, used)
    }

    private func load(
        _ settings: Configuration.DatasetSettings, countIsDefault: Bool
    ) throws -> Dataset {
        guard countIsDefault, let count = settings.trainImages else {
            return try Dataset.load(settings.name, directory: settings.directory, trainImages: settings.trainImages)
        }
        let whole = try Dataset.load(settings.name, directory: settings.directory)
        guard count < whole.train.count else { return whole }
        return Dataset(name: whole.name, train: whole.train.prefix(count), test: whole.test)
    }
}
