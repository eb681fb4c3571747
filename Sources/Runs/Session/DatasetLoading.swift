import Datasets
import Files
import Reports
import Settings
import Tasks
import Training

extension Session {
    /// Loads the images of a configuration: the first rank reads them, and every rank gets those that it needs.
    ///
    /// When nobody asked for the default data set and its files are missing, the embedded digits step in, with a warning.
    ///
    /// - Parameters:
    ///   - nameIsDefault: nobody named a data set.
    ///   - countIsDefault: nobody said how many training images; a smaller data set is then used whole.
    ///   - firstKeepsAll: whether the first rank keeps all images, to run alone with them.
    /// - Returns: the images and the configuration that was really used.
    package func loadDataset(
        _ configuration: Configuration, nameIsDefault: Bool, countIsDefault: Bool, firstKeepsAll: Bool = false
    ) throws -> (dataset: Dataset, configuration: Configuration) {
        var used = configuration
        let settings = configuration.dataset
        let filesAreThere = try fromFirst { try settings.source().isAvailable }
        if let replacement = settings.replacement(nameIsDefault: nameIsDefault, filesAreThere: filesAreThere) {
            used.dataset = replacement.settings
            // It changes what is trained: not for the quiet either to miss.
            logger.warning("\(replacement.warning)")
        }
        var whole: Dataset?
        let outline = try fromFirst {
            let loaded = try used.dataset.load(countIsDefault: countIsDefault, seed: UInt64(configuration.seed))
            whole = loaded
            return DatasetOutline(of: loaded)
        }
        let plan = RunPlan(used, norm: used.normalization.norm, ranks: communicator.size)
        let dataset = try distribute(whole, outline) { labels in
            if firstKeepsAll, isFirst { return NeededImages(allOf: labels) }
            return try used.taskType.neededImages(of: labels, plan.settings, on: RankTransport(communicator))
        }
        used.dataset.trainImages = dataset.train.count
        warnAboutMissingClasses(of: dataset)
        return (dataset, used)
    }

    private func warnAboutMissingClasses(of dataset: Dataset) {
        let missing = dataset.train.missingClasses
        guard !missing.isEmpty else { return }
        let classes = missing.map(String.init).joined(separator: ", ")
        logger.warning(
            """
            none of the \(counted(dataset.train.count, "training image")) has the class\(missing.count == 1 ? "" : "es") \
            \(classes): what no image shows can't be learned.
            """)
    }
}

extension DatasetSettings {
    /// The images that are chosen, not loaded yet.
    package func source() throws -> DatasetSource {
        try Dataset.source(name, self)
    }

    /// What is used in place of a data set that nobody asked for and whose files are missing, and how that is told; nil
    /// when these settings stand.
    ///
    /// - Parameters:
    ///   - nameIsDefault: nobody named a data set.
    ///   - filesAreThere: where the first rank runs.
    func replacement(
        nameIsDefault: Bool, filesAreThere: Bool
    ) -> (settings: DatasetSettings, warning: String)? {
        guard nameIsDefault, directory == nil, !filesAreThere else { return nil }
        var digits = self
        digits.name = "digits"
        let warning = """
            the files of \(name) are missing (Debian's package dataset-fashion-mnist has them), so the \
            embedded digits are used.
            """
        return (digits, warning)
    }

    /// - Parameters:
    ///   - countIsDefault: nobody said how many training images; a smaller data set is then used whole.
    ///   - seed: of the run.
    fileprivate func load(countIsDefault: Bool, seed: UInt64) throws -> Dataset {
        let loaded = try source().load()
        let whole = try part.map(loaded.reduced(to:)) ?? loaded
        let isAll = countIsDefault && trainImages ?? .max > whole.train.count - validation
        let drawn = try whole.drawn(trainImages: isAll ? nil : trainImages, validation: validation, seed: seed)
        return pixels == .standardised ? drawn : drawn.withPixels(pixels)
    }
}
