import Autograd
import Catalogues
import Datasets
import Kernels
import Models
import Training
import Workers

/// Trains a network to find the other view of an image among those of the global batch (SimCLR: Chen et al. 2020): one
/// player, whose loss is the normalised temperature-scaled cross-entropy.
///
/// Both views of an image are on one worker unless they are shuffled. With statistics of its own, each worker leaves a
/// mark on its embeddings, by which the network can find the other view without looking at the image.
public final class Contrastive: ImageTask {
    static let definition = Definition<Void, any ImageTask.Type>(
        "contrastive", "a network that finds the other view of an image in the global batch (SimCLR)"
    ) { Contrastive.self }

    /// The encoder with its head.
    public static let exportedPlayer = "encoder"
    /// How good the features are; and how good the network is at its own task, and at telling workers apart.
    public static let tableScores = [
        (title: "kNN %", score: "knn_accuracy_percent"), (title: "pretext %", score: "pretext_accuracy_percent"),
        (title: "probe %", score: "worker_probe_accuracy_percent"),
    ]

    /// The encoder with its head.
    public let player: Player
    /// Which images each worker sees.
    public private(set) var sampler: Sampler
    /// Adds up over the ranks.
    public let transport: RankTransport
    /// Which workers live where.
    public let hosting: Hosting
    /// What people should know before the first step, in sentences.
    public let notices: [String]
    /// The images.
    public let dataset: Dataset
    /// What was chosen.
    public let settings: TaskSettings
    /// The player's network.
    let network: ContrastiveNetwork

    /// - Throws: `UnusableSetting`; `TrainingError.imagesTooSmall` or `singleValue`.
    public init(_ context: TaskContext) throws {
        settings = context.settings
        dataset = context.dataset
        transport = context.transport
        hosting = context.hosting
        let sums = settings.training.reduction.sums(over: transport)
        let images = dataset.train
        network = try settings.contrastiveNetwork(
            images: images.shape, classes: images.classes, hosting: hosting, sums: sums)
        if let augmentation = settings.dataset.augmentation.first {
            throw UnusableSetting(
                key: "dataset.augmentation", value: augmentation.rawValue,
                requirement: "none for the task contrastive, whose views are drawn as 'contrastive' says")
        }
        let run = try settings.dryRun(of: network, images.shape)
        sampler = try settings.sampler(of: images)
        notices = try settings.notices(
            of: network, run, sampler, passes: 2,
            evaluated: [
                dataset.evaluatedImages.count, dataset.test.count, settings.neighbourSample(of: images).count,
            ])
        player = try settings.player(
            Self.exportedPlayer, network, stepsPerEpoch: sampler.stepsPerEpoch,
            shareOfLastStep: sampler.shareOfLastStep, sums: sums, probe: transport.recorder)
    }

    /// The encoder with its head.
    public static func network(
        _ settings: TaskSettings, images shape: ImageShape, classes: Int, hosting: Hosting, sums: any Sums
    ) throws -> any Layer {
        try settings.contrastiveNetwork(images: shape, classes: classes, hosting: hosting, sums: sums)
    }

    /// The encoder alone.
    public var players: [Player] { [player] }

    /// Steps until every worker has seen its shard.
    public var stepsPerEpoch: Int { sampler.stepsPerEpoch }

    /// Views of all training images, but for those of a last step that is left out.
    public var imagesPerEpoch: Int { 2 * sampler.imagesPerEpoch }

    /// Two views of each image that the sampler deals to the workers.
    public func batch(step: Int, update: Int, of player: Player) -> ViewBatch {
        let (epoch, stepOfEpoch) = step.quotientAndRemainder(dividingBy: sampler.stepsPerEpoch)
        let numbers = (0..<hosting.workers).flatMap { worker in
            Array(sampler.batch(epoch: epoch, step: stepOfEpoch, worker: worker))
        }
        return batch(
            of: dataset.train, numbers, counts: sampler.batchSizes(step: stepOfEpoch), for: "views", epoch: epoch,
            step: stepOfEpoch)
    }

    /// Two views of each image.
    ///
    /// - Parameters:
    ///   - numbers: of the images of all workers.
    ///   - counts: how many each worker has.
    ///   - purpose: what they are drawn for.
    func batch(
        of set: ImageSet, _ numbers: [Int], counts: [Int], for purpose: String, epoch: Int, step: Int
    ) -> ViewBatch {
        var secondViews: [Int]?
        if settings.contrastive.shuffledViews {
            var generator = SeededGenerator(seed: settings.seed, for: "order of second \(purpose)", epoch, step)
            secondViews = generator.permutation(of: numbers.count)
        }
        return ViewBatch(
            ViewPairs(counts: counts, secondViews: secondViews), of: set, numbers: numbers,
            normalization: dataset.normalization, hosting: hosting
        ) { image, number in
            ImageView(
                randomOf: set.shape, settings.contrastive.views, seed: settings.seed, for: purpose, epoch: epoch,
                image: image, number: number)
        }
    }

    /// The loss of the network's embeddings among those of all workers.
    public func objective(of player: Player, _ batch: ViewBatch, _ context: ForwardContext) throws -> Objective {
        let embeddings = try player.network(batch.images, context)
        let entropy = try crossEntropy(embeddings, batch, context.tape)
        return Objective(loss: entropy.loss, workerLosses: entropy.workerLossSums, output: embeddings)
    }

    /// The loss of embeddings among those of all workers; a collective.
    func crossEntropy(_ embeddings: Tensor, _ batch: ViewBatch, _ tape: Tape) throws -> ContrastiveCrossEntropy {
        try tape.layer("contrastive loss") {
            let unit = tape.unitRows(embeddings)
            let all = try batch.gathered(unit, over: transport, hosting, for: "the embeddings")
            return try tape.contrastiveCrossEntropy(
                unit, among: all, first: batch.rows.lowerBound, partners: batch.pairs.partners,
                temperature: settings.contrastive.temperature)
        }
    }
}

extension TaskSettings {
    /// An encoder with a projection head, with its initial weights.
    ///
    /// - Throws: `UnusableSetting`.
    func contrastiveNetwork(
        images shape: ImageShape, classes: Int, hosting: Hosting, sums: any Sums
    ) throws -> ContrastiveNetwork {
        let settings = try networkSettings(images: shape, classes: classes, hosting: hosting, sums: sums)
        let encoder = try Networks.encoders.make(model.name, of: settings, for: "model.name")
        return ContrastiveNetwork(encoder, embedding: contrastive.projection, seed: seed)
    }

    /// The training images that neighbours are looked for among.
    func neighbourSample(of images: ImageSet) -> [Int] {
        images.balancedSample(
            of: min(contrastive.neighbourImages, images.count), seed: seed, for: "images for neighbours")
    }
}
