import Kernels

/// The images divided among workers, each image to exactly one.
///
/// All images are put into an order, a seeded permutation unless another division is asked for, which is cut into
/// contiguous blocks. The sizes differ by at most one, the first workers holding the larger ones; with more workers than
/// images the last shards are empty.
public struct Shards: Sendable {
    /// Number of images.
    public var count: Int { labels.count }
    /// Number of workers.
    public let workers: Int
    /// How the images are divided.
    public let division: ShardDivision
    /// The class of each image.
    let labels: [UInt8]
    private let seed: UInt64
    private let order: [Int]

    /// - Parameters:
    ///   - labels: the class of each image.
    ///   - workers: number of workers, at least one.
    ///   - seed: the seed of the run.
    ///   - division: how the images are divided.
    ///   - epoch: that of images that are divided anew in every one; nil: they are divided once.
    public init(
        of labels: [UInt8], workers: Int, seed: UInt64, by division: ShardDivision = .iid, epoch: Int? = nil
    ) {
        precondition(workers >= 1, "\(labels.count) images can't be divided among \(workers) workers")
        self.labels = labels
        self.workers = workers
        self.division = division
        self.seed = seed
        func generator(_ purpose: String) -> SeededGenerator {
            epoch.map { SeededGenerator(seed: seed, for: "\(purpose) of an epoch", $0) }
                ?? SeededGenerator(seed: seed, for: purpose)
        }
        var permutation = Array(labels.indices)
        var shuffling = generator("shards")
        shuffling.shuffle(&permutation)
        var drawing = generator("class shares of shards")
        order = division.order(
            of: permutation, labels: labels,
            sizes: (0..<workers).map { Self.size(ofWorker: $0, of: workers, images: labels.count) },
            generator: &drawing)
    }

    /// Images of whose classes nothing is known, divided at random.
    ///
    /// - Parameters:
    ///   - count: number of images.
    ///   - workers: number of workers, at least one.
    ///   - seed: the seed of the run.
    ///   - epoch: that of images that are divided anew in every one; nil: they are divided once.
    public init(count: Int, workers: Int, seed: UInt64, epoch: Int? = nil) {
        self.init(of: Array(repeating: 0, count: count), workers: workers, seed: seed, epoch: epoch)
    }

    /// The same images divided anew, in the same way.
    func divided(inEpoch epoch: Int) -> Shards {
        Shards(of: labels, workers: workers, seed: seed, by: division, epoch: epoch)
    }

    /// The images of a worker, each one of 0..<count.
    public func indices(ofWorker worker: Int) -> ArraySlice<Int> {
        precondition(0..<workers ~= worker, "worker \(worker) of \(workers)")
        let start = worker * (count / workers) + min(worker, count % workers)
        return order[start..<(start + size(ofWorker: worker))]
    }

    /// Number of images of a worker.
    public func size(ofWorker worker: Int) -> Int {
        precondition(0..<workers ~= worker, "worker \(worker) of \(workers)")
        return Self.size(ofWorker: worker, of: workers, images: count)
    }

    private static func size(ofWorker worker: Int, of workers: Int, images: Int) -> Int {
        images / workers + (worker < images % workers ? 1 : 0)
    }
}
