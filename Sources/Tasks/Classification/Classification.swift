import Autograd
import Catalogues
import Datasets
import Models
import Training
import Workers

/// Trains a network to tell the classes of images apart: one player, whose loss is the cross-entropy.
public final class Classification: ImageTask {
    static let definition = Definition<Void, any ImageTask.Type>(
        "classification", "a network that tells the classes of images apart"
    ) { Classification.self }

    /// What its only player is called.
    public static let playerName = "classifier"
    /// The classifier.
    public static let exportedPlayer = playerName
    /// The error on the test images.
    public static let tableScores = [(title: "test error %", score: "test_error_percent")]

    /// The classifier.
    public let player: Player
    /// Which images each worker sees.
    public private(set) var sampler: Sampler
    /// Adds up over the ranks.
    public let transport: RankTransport
    /// Which workers live where.
    public let hosting: Hosting
    /// What people should know before the first step, in sentences.
    public private(set) var notices: [String] = []
    /// The images.
    public let dataset: Dataset
    /// What was chosen.
    public let settings: TaskSettings

    /// - Throws: `UnusableSetting`; `TrainingError.imagesTooSmall` or `singleValue`.
    public init(_ context: TaskContext) throws {
        settings = context.settings
        dataset = context.dataset
        transport = context.transport
        hosting = context.hosting
        let sums = settings.training.reduction.sums(over: transport)
        let images = dataset.train
        let network = try settings.network(images: images.shape, classes: images.classes, hosting: hosting, sums: sums)
        let run = try settings.dryRun(of: network, images.shape)
        sampler = try settings.sampler(of: images)
        try settings.requireAugmentation(of: images.shape)
        notices = try settings.notices(
            of: network, run, sampler, evaluated: [dataset.evaluatedImages.count, dataset.test.count])
        player = try settings.player(
            Self.playerName, network, stepsPerEpoch: sampler.stepsPerEpoch, shareOfLastStep: sampler.shareOfLastStep,
            sums: sums, probe: transport.recorder)
    }

    /// Trains a given network, which makes scores, images × classes, of images.
    public init(
        _ player: Player, _ settings: TaskSettings, dataset: Dataset, sampler: Sampler, hosting: Hosting,
        transport: RankTransport
    ) {
        self.player = player
        self.settings = settings
        self.dataset = dataset
        self.sampler = sampler
        self.hosting = hosting
        self.transport = transport
    }

    /// The classifier.
    public static func network(
        _ settings: TaskSettings, images shape: ImageShape, classes: Int, hosting: Hosting, sums: any Sums
    ) throws -> any Layer {
        try settings.network(images: shape, classes: classes, hosting: hosting, sums: sums)
    }

    /// The classifier alone.
    public var players: [Player] { [player] }

    /// Steps until every worker has seen its shard.
    public var stepsPerEpoch: Int { sampler.stepsPerEpoch }

    /// All training images, but for those of a last step that is left out.
    public var imagesPerEpoch: Int { sampler.imagesPerEpoch }

    /// The images that the sampler deals to the workers hosted here.
    public func batch(step: Int, update: Int, of player: Player) -> LabelledBatch {
        let (epoch, stepOfEpoch) = step.quotientAndRemainder(dividingBy: sampler.stepsPerEpoch)
        return LabelledBatch(
            of: dataset,
            indices: hosting.hosted.map { Array(sampler.batch(epoch: epoch, step: stepOfEpoch, worker: $0)) },
            firstWorker: hosting.hosted.lowerBound, globalImages: sampler.globalBatch(step: stepOfEpoch),
            augmentation: settings.augmentation(ofEpoch: epoch))
    }

    /// The cross-entropy of the network's scores.
    public func objective(
        of player: Player, _ batch: LabelledBatch, _ context: ForwardContext
    ) throws -> Objective {
        let scores = try player.network(batch.images, context)
        let crossEntropy = try context.tape.layer("cross-entropy") {
            try context.tape.crossEntropy(scores, labels: batch.labels)
        }
        return Objective(loss: crossEntropy.loss, workerLosses: crossEntropy.workerLossSums, output: scores)
    }
}
