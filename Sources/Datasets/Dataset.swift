/// Images to train on and images to test on, and how pixels are normalised.
public struct Dataset: Sendable {
    /// Its name in the catalogue.
    public let name: String
    /// The images to train on.
    public let train: ImageSet
    /// The images to test on, of the same shape.
    public let test: ImageSet
    /// Means and deviations of exactly the images of `train`; test images are normalised with them too.
    public let normalization: PixelNormalization

    /// - Parameters:
    ///   - name: its name in the catalogue.
    ///   - train: the images to train on, at least one.
    ///   - test: the images to test on, of the same height, width and channels.
    public init(name: String, train: ImageSet, test: ImageSet) {
        precondition(train.shape == test.shape, "test images of \(test.shape), training images of \(train.shape)")
        self.name = name
        self.train = train
        self.test = test
        normalization = PixelNormalization(of: train)
    }
}
