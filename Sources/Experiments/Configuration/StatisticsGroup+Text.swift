extension Configuration {
    /// The text form of the samples that share batch-norm statistics: `ghost:n`, `worker`, `workers:k`, `world`.
    public enum StatisticsGroup: Equatable, Sendable {
        /// `n` neighbouring samples of a worker's batch, from 1 to the batch. Where n does not divide the batch, the
        /// last group of each worker is smaller.
        case ghost(samples: Int)
        /// A worker's batch.
        case worker
        /// The batches of `k` neighbouring workers, as of one node; k from 1, dividing the number of workers.
        case workers(Int)
        /// The global batch.
        case world
    }
}

extension Configuration.StatisticsGroup: ConfigurationText {
    static let choices = ["ghost:n", "worker", "workers:k", "world"]

    /// Reads the form that `rawValue` writes; nil when it is none of the four. Sizes are not checked.
    public init?(rawValue: String) {
        let parts = rawValue.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        switch (parts[0], parts.count == 2 ? Int(parts[1]) : nil, parts.count) {
        case ("ghost", let samples?, 2): self = .ghost(samples: samples)
        case ("worker", _, 1): self = .worker
        case ("workers", let workers?, 2): self = .workers(workers)
        case ("world", _, 1): self = .world
        default: return nil
        }
    }

    /// The form that a configuration file and the command line use.
    public var rawValue: String {
        switch self {
        case .ghost(let samples): "ghost:\(samples)"
        case .worker: "worker"
        case .workers(let workers): "workers:\(workers)"
        case .world: "world"
        }
    }
}
