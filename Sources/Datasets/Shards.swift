import Kernels

/// The images divided among workers, each image to exactly one.
///
/// One seeded permutation of all images is cut into contiguous blocks, so that every worker's shard is a fair sample
/// of the data. The sizes differ by at most one, the first workers holding the larger ones; with more workers than
/// images the last shards are empty.
public struct Shards: Sendable {
    /// Number of images.
    public let count: Int
    /// Number of workers.
    public let workers: Int
    private let permutation: [Int]

    /// - Parameters:
    ///   - count: number of images.
    ///   - workers: number of workers, at least one.
    ///   - seed: the seed of the run.
    ///   - epoch: that of images that are divided anew in every one; nil: they are divided once.
    public init(count: Int, workers: Int, seed: UInt64, epoch: Int? = nil) {
        precondition(count >= 0 && workers >= 1, "\(count) images can't be divided among \(workers) workers")
        self.count = count
        self.workers = workers
        var permutation = Array(0..<count)
        var generator =
            epoch.map { SeededGenerator(seed: seed, for: "shards of an epoch", $0) }
            ?? SeededGenerator(seed: seed, for: "shards")
        generator.shuffle(&permutation)
        self.permutation = permutation
    }

    /// The images of a worker, each one of 0..<count.
    public func indices(ofWorker worker: Int) -> ArraySlice<Int> {
        precondition(0..<workers ~= worker, "worker \(worker) of \(workers)")
        let start = worker * (count / workers) + min(worker, count % workers)
        return permutation[start..<(start + size(ofWorker: worker))]
    }

    /// Number of images of a worker.
    public func size(ofWorker worker: Int) -> Int {
        precondition(0..<workers ~= worker, "worker \(worker) of \(workers)")
        return count / workers + (worker < count % workers ? 1 : 0)
    }
}
