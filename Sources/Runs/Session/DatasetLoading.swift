import Datasets
import Files
import Reports
import Settings

extension Session {
    /// Loads the images of a configuration, on every rank the same.
    ///
    /// When nobody asked for the default data set and its files are missing on some host, the embedded digits step in,
    /// with a notice.
    ///
    /// - Parameters:
    ///   - nameIsDefault: nobody named a data set.
    ///   - countIsDefault: nobody said how many training images; a smaller data set is then used whole.
    /// - Returns: the images and the configuration that was really used.
    package func loadDataset(
        _ configuration: Configuration, nameIsDefault: Bool, countIsDefault: Bool
    ) throws -> (dataset: Dataset, configuration: Configuration) {
        var used = configuration
        let settings = configuration.dataset
        let isHere = try agree { try settings.source() }.isAvailable
        let isEverywhere = try communicator.allreduce(isHere ? 1 : 0, .min) == 1
        if let replacement = settings.replacement(nameIsDefault: nameIsDefault, filesAreThere: isEverywhere) {
            used.dataset = replacement.settings
            logger.notice("\(replacement.notice)")
        }
        let dataset = try agree {
            try used.dataset.load(countIsDefault: countIsDefault, seed: UInt64(configuration.seed))
        }
        try requireSame(
            dataset.fingerprint,
            orFailWith: "the images of \(dataset.name) differ from those of rank 0: "
                + "give all hosts the same files.")
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
            of \(counted(missing.count, "class", "classes")) there is no image among the \(dataset.train.count) to train \
            on, so that it can't be learned: \(classes).
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
    ///   - filesAreThere: on every host.
    func replacement(
        nameIsDefault: Bool, filesAreThere: Bool
    ) -> (settings: DatasetSettings, notice: String)? {
        guard nameIsDefault, directory == nil, !filesAreThere else { return nil }
        var digits = self
        digits.name = "digits"
        let notice = """
            the files of \(name) are missing (Debian's package dataset-fashion-mnist has them), so the \
            embedded digits are used.
            """
        return (digits, notice)
    }

    /// - Parameters:
    ///   - countIsDefault: nobody said how many training images; a smaller data set is then used whole.
    ///   - seed: of the run.
    fileprivate func load(countIsDefault: Bool, seed: UInt64) throws -> Dataset {
        let whole = try source().load()
        let isAll = countIsDefault && trainImages ?? .max > whole.train.count - validation
        return try whole.drawn(trainImages: isAll ? nil : trainImages, validation: validation, seed: seed)
    }
}

extension Dataset {
    /// Equal for equal images and labels, and for no others.
    fileprivate var fingerprint: String {
        var digest = Digest()
        for set in [train, test] + (validation.map { [$0] } ?? []) {
            digest.add(Array("\(set.count) × \(set.height) × \(set.width) × \(set.channels)".utf8))
            digest.add(set.images)
            digest.add(set.labels)
        }
        return digest.hexadecimal
    }
}
