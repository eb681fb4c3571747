import Datasets
import Normalization
import OneDNN
import Training

/// Everything that decides a run: with the seed in it, the result is a function of this value alone.
///
/// The defaults below are the built-in configuration of `normtrain compare`. A stored property's name is its key in a
/// file and its type decides which values the key takes, so that the keys are written down nowhere else. (The sections
/// are called settings because `Normalization` and `Training` are modules.)
public struct Configuration: ConfigurationSection {
    /// Decides the initial weights, the shuffling and the sampling. Whole number from 0.
    public var seed = 1
    /// Logical devices, each with its own shard, batch and per-worker statistics. Whole number, at least as many as
    /// ranks; nil means as many as ranks.
    public var workers: Int?
    /// The vector instructions that oneDNN computes with. Equal bits need equal instructions.
    public var instructionSet = InstructionSetChoice.native
    /// The images.
    public var dataset = DatasetSettings()
    /// The network.
    public var model = ModelSettings()
    /// What normalises the activations.
    public var normalization = NormalizationSettings()
    /// How the weights are found.
    public var training = TrainingSettings()
    /// How the trained network is tested.
    public var evaluation = EvaluationSettings()
    /// What `normtrain compare` compares.
    public var compare = CompareSettings()

    /// The built-in default.
    public init() {}

    /// The number of workers of a run on `ranks` MPI processes.
    public func workerCount(ranks: Int) -> Int { workers ?? ranks }
}

extension Configuration {
    /// The images.
    public struct DatasetSettings: ConfigurationSection {
        /// Which images.
        public var name = DatasetName.fashionMNIST
        /// Folder with the data set's files; nil means where the data set is usually installed.
        public var directory: String?
        /// Training images used, the first ones of the file. Whole number from 1; nil means all.
        public var trainImages: Int? = 6000

        /// The built-in default.
        public init() {}
    }

    /// The network.
    public struct ModelSettings: ConfigurationSection {
        /// Which network.
        public var name = ModelName.cnn
        /// The algorithms that convolutions may take. Each gives bits of its own.
        public var convolution = ConvolutionChoice.fastest
        /// A file with the weights to begin with, as `normtrain export --pytorch` writes it; nil means weights drawn from
        /// the seed.
        public var initialWeights: String?
        /// SHA-256 that the file must have, in hexadecimal digits; nil means any. A run's own configuration has it.
        public var initialWeightsSHA256: String?

        /// The built-in default.
        public init() {}
    }

    /// What normalises the activations.
    public struct NormalizationSettings: ConfigurationSection {
        /// The norm that `normtrain train` uses; `normtrain compare` uses `compare.norms` instead.
        public var norm = Norm.synchronizedBatchNorm
        /// Who shares the statistics of batch norm; nil means what the norm implies.
        public var statistics: StatisticsGroup?
        /// Channel groups of group norm. Whole number from 1 that divides each layer's channels.
        public var groups = 8
        /// Added to the variance before the root is taken, in squared units of the activation. Above 0.
        public var epsilon = 1e-5
        /// Weight of the newest batch in the running statistics.
        public var momentum = RunningMomentum.exponential(0.1)
        /// Whether a learned scale and shift per channel follow.
        public var affine = true
        /// Whether the running variance divides by N (true) or by N − 1 (false), N being the group's samples times
        /// pixels.
        public var biased = false

        /// The built-in default.
        public init() {}

        /// The samples that share statistics under `norm`, or nil when it has no statistics across samples.
        ///
        /// `bn` and `batch` take `statistics` when it is given; `syncbn` is `world` whatever it says, since for
        /// `normtrain compare` one `statistics` serves a list of norms. `batch` without `statistics` is refused by
        /// `ConfigurationDraft.validated`.
        public func statisticsGroup(of norm: Norm) -> StatisticsGroup? {
            switch norm {
            case .batchNorm: statistics
            case .perWorkerBatchNorm: statistics ?? .worker
            case .synchronizedBatchNorm: .world
            case .groupNorm, .layerNorm, .instanceNorm, .identity: nil
            }
        }
    }

    /// How the weights are found: stochastic gradient descent on the cross-entropy.
    public struct TrainingSettings: ConfigurationSection {
        /// Images per worker and step. Whole number from 1.
        public var batch = 2
        /// Passes over the training images. Whole number from 1.
        public var epochs = 2
        /// Learning rate before the schedule scales it. Above 0.
        public var learningRate = 0.01
        /// How the learning rate changes over the run.
        public var schedule = Schedule.cosine
        /// For the schedule `step`: epochs, counted from 0, at whose start the rate is multiplied by `stepFactor`.
        /// Whole numbers from 1, ascending.
        public var stepEpochs: [Int] = []
        /// For the schedule `step`: what the rate is multiplied by. Above 0, at most 1.
        public var stepFactor = 0.1
        /// Epochs over which the rate rises linearly from 0 to its full value. From 0; fractions are allowed.
        public var warmUpEpochs = 0.0
        /// Momentum of the descent. From 0, below 1.
        public var momentum = 0.9
        /// Factor of the weights that is added to their gradients. From 0.
        public var weightDecay = 0.0005
        /// How statistics and gradients are added up over the ranks.
        public var reduction = Reduction.exact
        /// Steps between two checkpoints. Whole number from 0; 0 means only when the run is asked to stop.
        public var checkpointEvery = 0

        /// The built-in default.
        public init() {}
    }

    /// How the trained network is tested.
    public struct EvaluationSettings: ConfigurationSection {
        /// Which statistics batch norm uses on test images.
        public var statistics = EvaluationStatistics.pooled
        /// Test images per evaluated batch. Whole number from 1; with the statistics `batch` it decides the result.
        public var batch = 100
        /// Training images, the first ones, that the statistics `precise` are computed over. Whole number from 1; all
        /// when there are fewer.
        public var preciseImages = 1000

        /// The built-in default.
        public init() {}
    }

    /// What `normtrain compare` compares.
    public struct CompareSettings: ConfigurationSection {
        /// The norms, in the order of the table; at least one and none twice.
        public var norms: [Norm] = [
            .perWorkerBatchNorm, .synchronizedBatchNorm, .groupNorm, .layerNorm, .instanceNorm, .identity,
        ]

        /// The built-in default.
        public init() {}
    }
}
