/// What a run came to, as `result.json` holds it.
public struct RunResult: Codable, Equatable, Sendable {
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
    /// Wrongly classified test images in percent.
    public let testErrorPercent: Double
    /// Training images of all workers a second, without the first step, in which kernels are made; 0 for a single step.
    public let imagesPerSecond: Double
    /// Seconds of training, without loading and evaluation.
    public let seconds: Double
    /// Share of these seconds that ranks spent in collectives, mean over the ranks.
    public let communicationShare: Double
    /// SHA-256 over every parameter and running statistic.
    public let weightsSHA256: String

    enum CodingKeys: String, CodingKey {
        case command, normalization, statistics, ranks, workers, batch, epochs, seed, dataset, seconds
        case instructionSet = "instruction_set"
        case trainLoss = "train_loss"
        case testErrorPercent = "test_error_percent"
        case imagesPerSecond = "images_per_second"
        case communicationShare = "communication_share"
        case weightsSHA256 = "weights_sha256"
    }
}

/// The results of a comparison, as its `result.json` holds them.
public struct ComparisonResult: Codable, Equatable, Sendable {
    /// Always `compare`.
    public var command = "compare"
    /// One for each variant, in the order of training.
    public let runs: [RunResult]
}
