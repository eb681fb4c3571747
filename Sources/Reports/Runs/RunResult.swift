/// What a run came to, as `result.json` holds it.
public struct RunResult: Codable, Equatable, Sendable {
    /// The version of the file's format.
    public static let currentFormat = 1

    /// The version of the file's format; nil in the first files, which had none.
    public private(set) var format: Int? = Self.currentFormat
    /// `train` or `compare`.
    public let command: String
    /// The norm as on the command line.
    public let normalization: String
    /// `ghost:n`, `worker`, `workers:k`, `world`; `sample` for norms within an image, `none` without a norm.
    public let statistics: String
    /// MPI processes.
    public let ranks: Int
    /// Logical devices.
    public let workers: Int
    /// Images per worker and step.
    public let batch: Int
    /// Passes over the training images.
    public let epochs: Int
    /// The seed.
    public let seed: Int
    /// The data set.
    public let dataset: String
    /// The vector instructions that oneDNN computed with, such as `AVX2`.
    public let instructionSet: String
    /// The mean loss over the images of the last epoch, each taken before its update.
    public let trainLoss: Double
    /// How good the weights are, by the names that the task gives: `test_error_percent`, for example.
    public let scores: [String: Double]
    /// Training images of all workers a second, without the first step, in which kernels are made; 0 for a single step.
    public let imagesPerSecond: Double
    /// Seconds of training, without loading and evaluation.
    public let seconds: Double
    /// Share of these seconds that ranks spent in collectives, mean over the ranks.
    public let communicationShare: Double
    /// SHA-256 over every parameter and state tensor.
    public let weightsSha256: String

    /// A run's result.
    public init(
        command: String, normalization: String, statistics: String, ranks: Int, workers: Int, batch: Int, epochs: Int,
        seed: Int, dataset: String, instructionSet: String, trainLoss: Double, scores: [String: Double],
        imagesPerSecond: Double, seconds: Double, communicationShare: Double, weightsSha256: String
    ) {
        self.command = command
        self.normalization = normalization
        self.statistics = statistics
        self.ranks = ranks
        self.workers = workers
        self.batch = batch
        self.epochs = epochs
        self.seed = seed
        self.dataset = dataset
        self.instructionSet = instructionSet
        self.trainLoss = trainLoss
        self.scores = scores
        self.imagesPerSecond = imagesPerSecond
        self.seconds = seconds
        self.communicationShare = communicationShare
        self.weightsSha256 = weightsSha256
    }

    /// Test images that the task got wrong, in percent; nil in files of earlier versions.
    public var wrongTestPercent: Double? {
        guard let wrong = scores["wrong_test_images"], let all = scores["test_images"], all > 0 else { return nil }
        return 100 * wrong / all
    }

    /// Of a classification: wrongly classified test images in percent.
    public var testErrorPercent: Double { scores["test_error_percent"] ?? .nan }
}

/// The results of a comparison, as its `result.json` holds them.
public struct ComparedRuns: Codable, Equatable, Sendable {
    /// The version of the file's format, that of `RunResult`; nil in the first files, which had none.
    public private(set) var format: Int? = RunResult.currentFormat
    /// Always `compare`.
    public var command = "compare"
    /// One for each variant, in the order of training.
    public let runs: [RunResult]
    /// Test images that each variant was scored on; nil in files of earlier versions.
    public let testImages: Int?

    /// - Parameters:
    ///   - runs: one for each variant.
    ///   - testImages: that each variant was scored on.
    public init(runs: [RunResult], testImages: Int) {
        self.runs = runs
        self.testImages = testImages
    }
}
