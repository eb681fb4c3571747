/// The samples that share batch-norm statistics.
public enum StatisticsGroup: Hashable, Sendable, CustomStringConvertible {
    /// Blocks of so many images inside a worker's batch, the last one smaller where they don't divide (ghost batch norm:
    /// Hoffer, Hubara and Soudry 2017).
    case ghost(Int)
    /// One worker's batch: what frameworks call per-GPU batch norm.
    case worker
    /// Neighbouring workers, so many together: a node.
    case workers(Int)
    /// All workers: synchronised batch norm.
    case world

    /// The group as it is written in a configuration.
    public var description: String {
        switch self {
        case .ghost(let images): "ghost:\(images)"
        case .worker: "worker"
        case .workers(let count): "workers:\(count)"
        case .world: "world"
        }
    }

    /// Whether a group is larger than a worker, so that its sums must not depend on who hosts its workers.
    var joinsWorkers: Bool {
        switch self {
        case .ghost, .worker: false
        case .workers, .world: true
        }
    }

    /// How many workers share one set of running statistics.
    func workersPerSet(of workers: Int) -> Int {
        switch self {
        case .ghost, .worker: 1
        case .workers(let count): count
        case .world: workers
        }
    }
}
