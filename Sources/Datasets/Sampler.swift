import Kernels

/// Which images a worker sees in which step of which epoch.
///
/// In every epoch a worker goes through its shard once, in an order that is a function of seed, epoch and worker alone.
/// Any epoch and step can be asked for, in any sequence, of any workers: the answers don't depend on it.
/// The last batch of a shard is used even if it is smaller than the others; a worker that has no images left in the
/// last step has an empty batch.
public struct Sampler: Sendable {
    /// The images of each worker.
    public let shards: Shards
    /// The largest number of images in a worker's batch.
    public let batch: Int
    /// Number of steps after which every worker has seen its whole shard.
    public let stepsPerEpoch: Int
    private let seed: UInt64
    /// Per worker, the order of the epoch last asked for.
    private var orders: [Order?]

    private struct Order {
        let epoch: Int
        let indices: [Int]
    }

    /// - Parameters:
    ///   - shards: the images of each worker.
    ///   - batch: the largest number of images in a worker's batch, at least one.
    ///   - seed: the seed of the run.
    public init(shards: Shards, batch: Int, seed: UInt64) {
        precondition(batch >= 1, "a batch of \(batch) images")
        self.shards = shards
        self.batch = batch
        self.seed = seed
        let largest = shards.size(ofWorker: 0)
        stepsPerEpoch = largest / batch + (largest % batch == 0 ? 0 : 1)
        orders = Array(repeating: nil, count: shards.workers)
    }

    /// The images of a worker's batch.
    ///
    /// An epoch's order is made when it is first asked for and kept until another epoch of the same worker is.
    ///
    /// - Parameters:
    ///   - epoch: from 0.
    ///   - step: the step of the epoch, one of 0..<stepsPerEpoch.
    ///   - worker: one of 0..<workers.
    public mutating func batch(epoch: Int, step: Int, worker: Int) -> ArraySlice<Int> {
        let range = positions(step: step, worker: worker)
        if let order = orders[worker], order.epoch == epoch {
            return order.indices[range]
        }
        var indices = Array(shards.indices(ofWorker: worker))
        var generator = SeededGenerator(seed: seed, for: "order of images", epoch, worker)
        generator.shuffle(&indices)
        orders[worker] = Order(epoch: epoch, indices: indices)
        return indices[range]
    }

    /// Number of images in a worker's batch, the same in every epoch.
    ///
    /// - Parameters:
    ///   - step: the step of the epoch, one of 0..<stepsPerEpoch.
    ///   - worker: one of 0..<workers.
    public func batchSize(step: Int, worker: Int) -> Int {
        positions(step: step, worker: worker).count
    }

    /// The global batch: the number of images in all workers' batches of a step, the same in every epoch.
    ///
    /// - Parameter step: the step of the epoch, one of 0..<stepsPerEpoch.
    public func globalBatch(step: Int) -> Int {
        (0..<shards.workers).reduce(0) { $0 + batchSize(step: step, worker: $1) }
    }

    private func positions(step: Int, worker: Int) -> Range<Int> {
        precondition(0..<stepsPerEpoch ~= step, "step \(step) of \(stepsPerEpoch)")
        let size = shards.size(ofWorker: worker)
        return min(step * batch, size)..<min((step + 1) * batch, size)
    }
}
