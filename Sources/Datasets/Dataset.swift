/// Images to train on and images to test on, and how pixels are normalised.
public struct Dataset: Sendable {
    /// Which data set it is.
    public let name: DatasetName
    /// The images to train on.
    public let train: ImageSet
    /// The images to test on, of the same shape.
    public let test: ImageSet
    /// Means and deviations of exactly the images of `train`; test images are normalised with them too.
    public let normalization: PixelNormalization

    /// Per channel, the mean byte of the training images.
    public var channelMeans: [Float] { normalization.means }
    /// Per channel, the standard deviation of the bytes of the training images; 1 for a constant channel.
    public var channelDeviations: [Float] { normalization.deviations }

    /// - Parameters:
    ///   - name: which data set it is.
    ///   - train: the images to train on, at least one.
    ///   - test: the images to test on, of the same height, width and channels.
    public init(name: DatasetName, train: ImageSet, test: ImageSet) {
        precondition(train.shape == test.shape, "test images of \(test.shape), training images of \(train.shape)")
        self.name = name
        self.train = train
        self.test = test
        normalization = PixelNormalization(of: train)
    }

    /// Reads a data set.
    ///
    /// - Parameters:
    ///   - name: which data set.
    ///   - directory: the folder of its files; nil for the default one. The embedded digits have none.
    ///   - trainImages: how many training images to keep, the first ones; nil for all.
    /// - Throws: `DatasetError` or `FileError`. Nothing else is loaded in place of what is missing: `isAvailable` tells
    ///   beforehand.
    public static func load(
        _ name: DatasetName, directory: String? = nil, trainImages: Int? = nil
    ) throws -> Dataset {
        let files = try DatasetFiles(name, directory: directory)
        let train = try files.load(.train)
        let kept = trainImages ?? train.count
        guard 1...train.count ~= kept else {
            throw DatasetError.trainImagesOutOfRange(dataset: name, requested: kept, available: train.count)
        }
        let test = try files.load(.test)
        guard test.shape == train.shape else {
            throw DatasetError.shapeMismatch(
                path: try files.paths(of: .test)[0], shape: test.shape, trainShape: train.shape)
        }
        return Dataset(name: name, train: train.prefix(kept), test: test)
    }

    /// Whether all files of a data set are there. Their content isn't looked at.
    ///
    /// - Parameters:
    ///   - name: which data set.
    ///   - directory: the folder of its files; nil for the default one.
    public static func isAvailable(_ name: DatasetName, directory: String? = nil) -> Bool {
        guard let files = try? DatasetFiles(name, directory: directory) else { return false }
        return (try? files.paths(of: .train)) != nil && (try? files.paths(of: .test)) != nil
    }
}

extension ImageSet {
    /// Height, width and channels.
    var shape: [Int] { [height, width, channels] }
}
