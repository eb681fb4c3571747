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
    @Key(
        """
        One of several disjoint parts that the training images are divided into, with equal classes, before any are held \
        out or drawn; the same whatever the seed, so that weights trained on one part can be trained further on another.
        """, null: "all training images")
    public var part: TrainingPart? = nil
    @Key(
        """
        How the training images are divided among the workers, in shards of one size. training.shards says whether once or \
        anew in every epoch.
        """, .from(1e-6), .upTo(1e6), option: "shards", valueName: "division")
    public var shards = ShardDivision.iid
    @Key(
        """
        Which images of its shard a worker has in one batch. Images that are looked at as in training after an epoch are put \
        into batches in the same way.
        """, .from(2), .upTo(256))
    public var batches = BatchMixture.mixed
    @Key(
        """
        What is done to an image each time that it is trained on, in this order: a function of seed, epoch and image. Test \
        images stay as they are.
        """, .from(1), .upTo(1024), option: "augment", valueName: "list")
    public var augmentation: [Augmentation] = []
    @Key(
        "In which range the network meets the pixels, of all images alike.", .from(1), .upTo(1e6))
    public var pixels = PixelForm.standardised

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
