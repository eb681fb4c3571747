import Autograd
import Catalogues
import Datasets
import MPI
import Models
import Normalization
import Training
import Workers

/// What can be chosen about a task: the parts of a configuration that decide what is trained, and how.
public struct TaskSettings: Sendable {
    /// Decides the initial weights, the shuffling and the sampling.
    public var seed: UInt64
    /// Logical devices.
    public var workers: Int
    /// The images, and how they are dealt to workers.
    public var dataset: DatasetSettings
    /// The networks.
    public var model: ModelSettings
    /// What normalises the activations.
    public var normalization: NormSettings
    /// How the weights are found.
    public var training: TrainingSettings
    /// How it is tested.
    public var evaluation: EvaluationSettings
    /// Of the task contrastive.
    public var contrastive: ContrastiveSettings

    /// All parts.
    public init(
        seed: UInt64, workers: Int, dataset: DatasetSettings = DatasetSettings(),
        model: ModelSettings = ModelSettings(),
        normalization: NormSettings = NormSettings(),
        training: TrainingSettings = TrainingSettings(), evaluation: EvaluationSettings = EvaluationSettings(),
        contrastive: ContrastiveSettings = ContrastiveSettings()
    ) {
        self.seed = seed
        self.workers = workers
        self.dataset = dataset
        self.model = model
        self.normalization = normalization
        self.training = training
        self.evaluation = evaluation
        self.contrastive = contrastive
    }

    /// The norm that networks put behind their layers.
    ///
    /// - Throws: `UnusableSetting`.
    public func norm() throws -> Norm {
        try Norm.catalogue.make(normalization.norm, of: normalization, for: "normalization.norm")
    }

    /// A network that classifies images, with its initial weights.
    ///
    /// - Parameters:
    ///   - shape: of the images.
    ///   - hosting: which workers live where.
    ///   - sums: takes sums over them.
    /// - Throws: `UnusableSetting`.
    public func network(
        images shape: ImageShape, classes: Int, hosting: Hosting, sums: any Sums
    ) throws -> any Layer {
        let settings = try networkSettings(images: shape, classes: classes, hosting: hosting, sums: sums)
        return try Networks.catalogue.make(model.name, of: settings, for: "model.name")
    }

    /// What networks for images are made of.
    ///
    /// - Throws: `UnusableSetting`.
    func networkSettings(
        images shape: ImageShape, classes: Int, hosting: Hosting, sums: any Sums
    ) throws -> NetworkSettings {
        var settings = NetworkSettings(inputChannels: shape.channels, classes: classes, norm: try norm(), seed: seed)
        settings.model = model
        settings.hosting = hosting
        settings.sums = sums
        return settings
    }

    /// A player that trains a network.
    ///
    /// - Parameters:
    ///   - stepsPerEpoch: of the task.
    ///   - shareOfLastStep: the images of an epoch's last step as a share of those of the others.
    ///   - sums: adds up gradients over the workers.
    ///   - probe: sees the time in which gradients are put into the sum.
    /// - Throws: `UnusableSetting`.
    public func player(
        _ name: String, _ network: any Layer, stepsPerEpoch: Int, shareOfLastStep: Double = 1, sums: any Sums,
        probe: (any Probe)?
    ) throws -> Player {
        let optimiser = try Optimisers.catalogue.make(
            training.optimiser, of: OptimiserSettings(parameters: network.parameters, training: training),
            for: "training.optimiser")
        let schedule = try Schedules.catalogue.make(training.schedule, of: training, for: "training.schedule")
        return Player(
            name: name, network: network, optimiser: optimiser,
            learningRate: LearningRate(
                peak: training.peakRate(workers: workers), schedule: schedule, warmUpEpochs: training.warmUpEpochs,
                stepsPerEpoch: stepsPerEpoch, epochs: training.epochs,
                lastStepFactor: training.lastBatch == .scale ? shareOfLastStep : 1), sums: sums, probe: probe)
    }
}

/// Where a task is trained, and on what.
public struct TaskContext {
    /// What was chosen.
    public let settings: TaskSettings
    /// The images.
    public let dataset: Dataset
    /// Adds up over the ranks of the run.
    public let transport: RankTransport
    /// Which workers live where.
    public let hosting: Hosting

    /// A task on the ranks of a communicator.
    ///
    /// - Parameter recorder: takes the time of the steps; nil: nobody asked.
    public init(
        _ settings: TaskSettings, dataset: Dataset, communicator: Communicator, recorder: ProfileRecorder? = nil
    ) {
        self.settings = settings
        self.dataset = dataset
        transport = RankTransport(communicator)
        transport.recorder = recorder
        hosting = Hosting(workers: settings.workers, ranks: communicator.size, rank: communicator.rank)
    }
}
