import Files

/// Images to train on and images to test on, and how pixels are normalised.
public struct Dataset: Sendable {
    /// Its name in the catalogue.
    public let name: String
    /// The images to train on.
    public let train: ImageSet
    /// Images that were held out of training, to look at on the way; nil: none.
    public let validation: ImageSet?
    /// The images to test on, of the same shape.
    public let test: ImageSet
    /// What networks meet in place of bytes, of `train` and of all others; unless it is chosen, it has the means and
    /// deviations of exactly the images of `train`.
    public let normalization: PixelNormalization
    /// Where images are kept of which only some are here.
    private let knownFingerprint: String?

    /// - Parameters:
    ///   - name: its name in the catalogue.
    ///   - train: the images to train on, at least one.
    ///   - validation: images that are not trained on; nil: none.
    ///   - test: the images to test on, of the same height, width and channels.
    ///   - normalization: what networks meet in place of bytes; when left out it is computed of all images of `train`, which
    ///     needs all of them.
    ///   - fingerprint: what `fingerprint` is to be; computed when left out, which needs all images.
    public init(
        name: String, train: ImageSet, validation: ImageSet? = nil, test: ImageSet,
        normalization: PixelNormalization? = nil, fingerprint: String? = nil
    ) {
        knownFingerprint = fingerprint
        precondition(train.shape == test.shape, "test images of \(test.shape), training images of \(train.shape)")
        self.name = name
        self.train = train
        self.validation = validation
        self.test = test
        self.normalization = normalization ?? PixelNormalization(of: train)
    }

    /// Equal for equal images and labels, and for no others: SHA-256 in hexadecimal digits.
    public var fingerprint: String {
        if let knownFingerprint { return knownFingerprint }
        var digest = Digest()
        for set in [train] + (validation.map { [$0] } ?? []) + [test] {
            digest.add(Array("\(set.count) × \(set.height) × \(set.width) × \(set.channels)".utf8))
            digest.add(set.images)
            digest.add(set.labels)
        }
        return digest.hexadecimal
    }

    /// Holds images out of training, and draws those that are trained on from the others; both with equal classes, as far
    /// as they go.
    ///
    /// - Parameters:
    ///   - trainImages: how many to train on; nil: all that are left.
    ///   - validation: how many to hold out.
    ///   - seed: of the run.
    /// - Throws: `DatasetError` when there are not as many.
    public func drawn(trainImages: Int?, validation held: Int, seed: UInt64) throws(DatasetError) -> Dataset {
        guard 0..<train.count ~= held else {
            throw .validationOutOfRange(dataset: name, requested: held, available: train.count)
        }
        let rest = train.count - held
        guard 1...rest ~= trainImages ?? rest else {
            throw .trainImagesOutOfRange(dataset: name, requested: trainImages ?? rest, available: rest)
        }
        let heldOut = train.balancedSample(of: held, seed: seed, for: "validation images")
        let isHeldOut = Set(heldOut)
        let others = (0..<train.count).filter { !isHeldOut.contains($0) }
        let trained = train.balancedSample(
            of: trainImages ?? rest, among: others, seed: seed, for: "training images")
        if trained.count == train.count { return self }
        return Dataset(
            name: name, train: train.subset(trained), validation: held == 0 ? nil : train.subset(heldOut), test: test)
    }
}
