import Autograd
import Catalogues
import Datasets
import Normalization
import Training
import Workers

/// A task that a configuration can name: it is trained on the images of a data set.
///
/// What a run asks for before there is a task, or when it is long over, is asked of the type.
public protocol ImageTask: TrainingTask {
    /// The player whose network is written for other programs.
    static var exportedPlayer: String { get }

    /// The scores that tables show, the most telling one first: the title of the column, and the name of the score. Each
    /// is a percentage.
    static var tableScores: [(title: String, score: String)] { get }

    /// The network of the exported player, with its initial weights.
    ///
    /// - Parameters:
    ///   - shape: of the images.
    ///   - classes: that they have.
    ///   - hosting: which workers live where.
    ///   - sums: takes sums over them.
    /// - Throws: `UnusableSetting`.
    static func network(
        _ settings: TaskSettings, images shape: ImageShape, classes: Int, hosting: Hosting, sums: any Sums
    ) throws -> any Layer

    /// The images that one rank needs.
    ///
    /// - Parameters:
    ///   - dataset: of which the labels are looked at, and no image.
    ///   - settings: decide who sees which image.
    ///   - transport: of the run's ranks.
    /// - Throws: `UnusableSetting`.
    static func neededImages(
        of dataset: Dataset, _ settings: TaskSettings, on transport: RankTransport
    ) throws -> NeededImages

    /// A task before its first step.
    ///
    /// - Throws: `UnusableSetting`; `TrainingError.imagesTooSmall` or `singleValue`.
    init(_ context: TaskContext) throws

    /// What was chosen.
    var settings: TaskSettings { get }

    /// The images.
    var dataset: Dataset { get }

    /// Which images each worker sees.
    var sampler: Sampler { get }
}

/// What can be trained.
public enum TrainingTasks {
    /// All tasks, in the order in which they are shown.
    public static let catalogue: [Definition<Void, any ImageTask.Type>] = [
        Classification.definition, Contrastive.definition,
    ]
}

extension ImageTask {
    /// What each layer with running statistics evaluates with, by its name; a collective.
    public func evaluationStatistics(of player: Player) throws -> [String: ChannelStatistics] {
        let (network, evaluation) = (player.network, settings.evaluation)
        let state = try NetworkState(network, workers: hosting.workers, communicator: transport.communicator)
        let statistics = try evaluation.statistics.statistics(of: network, in: state)
        let biased = settings.normalization.biased
        switch evaluation.statistics {
        case .pooled, .worker0, .batch:
            return statistics
        case .precise:
            return try PreciseStatistics(biased: biased, transport: transport).computed(
                for: network, steps: preciseSteps
            ) { step in
                let batch = try batch(step: step, update: 0, of: player)
                return (batch.images, batch.layout)
            }
        case .layerwise:
            let sample = settings.layerwiseSample(of: dataset.train)
            return try LayerwiseStatistics(
                images: sample.count, batch: evaluation.batch, biased: biased, transport: transport
            ).computed(for: network, instead: statistics) { range in dataset.tensor(of: dataset.train, sample[range]) }
        }
    }

    /// Steps of training that have as many images as precise statistics need, at most an epoch.
    private var preciseSteps: Int {
        let (whole, rest) = settings.evaluation.preciseImages.quotientAndRemainder(
            dividingBy: sampler.globalBatch(step: 0))
        return min(whole + (rest > 0 ? 1 : 0), sampler.stepsPerEpoch)
    }
}
