// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation
// What a key means is the first argument of its declaration; a comment above it would be the same sentence again.

import Catalogues

/// The images.
public struct DatasetSettings: Section {
    @Key("The images to train and to test on.", choices: Dataset.catalogue.choices(), option: "dataset")
    public var name = "fashion-mnist"
    @Key(
        "The folder with the data set's files.", null: "where they are usually installed", option: "data",
        valueName: "folder")
    public var directory: String? = nil
    @Key(
        "Training images in use, drawn by the seed with equal classes.", .from(1), null: "all", option: "train-images")
    public var trainImages: Int? = 6000
    @Key(
        """
        Training images that are held out, drawn by the seed with equal classes: epochs.csv has their error after every \
        epoch, rather than that of the test images.
        """, .from(0))
    public var validation = 0

    /// The built-in default.
    public init() {}

    /// - Parameters:
    ///   - directory: the folder of its files; nil for the usual one. The embedded digits have none.
    ///   - trainImages: how many training images to draw; nil for all.
    public init(directory: String? = nil, trainImages: Int? = nil) {
        self.directory = directory
        self.trainImages = trainImages
    }
}
