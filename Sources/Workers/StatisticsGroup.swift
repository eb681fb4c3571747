/// The samples that share batch-norm statistics.
public enum StatisticsGroup: Hashable, Sendable {
    /// Blocks of so many images inside a worker's batch, the last one smaller where they don't divide (ghost batch norm:
    /// Hoffer, Hubara and Soudry 2017).
    case ghost(Int)
    /// One worker's batch: what frameworks call per-GPU batch norm.
    case worker
    /// Neighbouring workers, so many together: a node.
    case workers(Int)
    /// All workers: synchronised batch norm.
    case world

    /// Whether a group is larger than a worker, so that its sums must not depend on who hosts its workers.
    public var joinsWorkers: Bool {
        switch self {
        case .ghost, .worker: false
        case .workers, .world: true
        }
    }

    /// How many workers share one set of running statistics.
    public func workersPerSet(of workers: Int) -> Int {
        switch self {
        case .ghost, .worker: 1
        case .workers(let count): count
        case .world: workers
        }
    }

    /// How many images each group of a step has; groups without images are left out.
    ///
    /// - Parameter batches: images of each worker of the run in the step.
    public func imageCounts(ofBatches batches: [Int]) -> [Int] {
        let counts: [Int]
        switch self {
        case .ghost(let size):
            counts = batches.flatMap { images in
                stride(from: 0, to: images, by: size).map { min(size, images - $0) }
            }
        case .worker, .workers, .world:
            let workers = workersPerSet(of: batches.count)
            counts = stride(from: 0, to: batches.count, by: workers).map {
                batches[$0..<$0 + workers].reduce(0, +)
            }
        }
        return counts.filter { $0 > 0 }
    }
}

extension StatisticsGroup: RawRepresentable, Codable, CustomStringConvertible {
    /// Reads the text that `rawValue` writes; nil when it is none of the four. Sizes are not checked.
    public init?(rawValue: String) {
        let parts = rawValue.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        // A size as it is written here: 010 and 0x2 mean one number to some people and another to others, or none.
        let size = parts.count == 2 ? Int(parts[1]).flatMap { "\($0)" == parts[1] ? $0 : nil } : nil
        switch (parts[0], size, parts.count) {
        case ("ghost", let images?, 2): self = .ghost(images)
        case ("worker", _, 1): self = .worker
        case ("workers", let workers?, 2): self = .workers(workers)
        case ("world", _, 1): self = .world
        default: return nil
        }
    }

    /// `ghost:n`, `worker`, `workers:k` or `world`.
    public var rawValue: String {
        switch self {
        case .ghost(let images): "ghost:\(images)"
        case .worker: "worker"
        case .workers(let count): "workers:\(count)"
        case .world: "world"
        }
    }

    /// The same text as `rawValue`.
    public var description: String { rawValue }
}
