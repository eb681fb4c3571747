import Kernels

/// Which images a worker sees in which step of which epoch.
///
/// In every epoch a worker goes through its shard once, in an order that is a function of seed, epoch and worker alone,
/// and of the batch where batches have few classes each.
/// Any epoch and step can be asked for, in any sequence, of any workers: the answers don't depend on it.
/// The last batch of a shard is used even if it is smaller than the others, unless `dropsLastBatch`; a worker that has no
/// images left in the last step has an empty batch.
public struct Sampler: Sendable {
    /// How many images each worker has, and, unless they are divided anew in every epoch, which.
    public let shards: Shards
    /// The largest number of images in a worker's batch.
    public let batch: Int
    /// Number of steps after which every worker has seen its shard.
    public let stepsPerEpoch: Int
    private let seed: UInt64
    private let isReshuffled: Bool
    private let batches: BatchMixture
    /// Where the shards change with the epoch, those of the epoch last asked for.
    private var shardsOfEpoch: (epoch: Int, shards: Shards)?
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
    ///   - dropsLastBatch: leave out a last step in which some worker has not a whole batch. There may be no step then.
    ///   - isReshuffled: divide all images among the workers anew in every epoch, as PyTorch's `DistributedSampler` does.
    ///   - batches: which images of its shard a worker has in one batch.
    public init(
        shards: Shards, batch: Int, seed: UInt64, dropsLastBatch: Bool = false, isReshuffled: Bool = false,
        batches: BatchMixture = .mixed
    ) {
        precondition(batch >= 1, "a batch of \(batch) images")
        self.shards = shards
        self.batch = batch
        self.seed = seed
        self.isReshuffled = isReshuffled
        self.batches = batches
        let (largest, smallest) = (shards.size(ofWorker: 0), shards.size(ofWorker: shards.workers - 1))
        stepsPerEpoch = dropsLastBatch ? smallest / batch : largest / batch + (largest % batch == 0 ? 0 : 1)
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
        var indices = Array(shards(ofEpoch: epoch).indices(ofWorker: worker))
        var generator = SeededGenerator(seed: seed, for: "order of images", epoch, worker)
        generator.shuffle(&indices)
        indices = batches.order(of: indices, labels: shards.labels, batch: batch, generator: &generator)
        orders[worker] = Order(epoch: epoch, indices: indices)
        return indices[range]
    }

    private mutating func shards(ofEpoch epoch: Int) -> Shards {
        guard isReshuffled else { return shards }
        if let known = shardsOfEpoch, known.epoch == epoch { return known.shards }
        let made = shards.divided(inEpoch: epoch)
        shardsOfEpoch = (epoch, made)
        return made
    }

    /// Number of images in a worker's batch, the same in every epoch.
    ///
    /// - Parameters:
    ///   - step: the step of the epoch, one of 0..<stepsPerEpoch.
    ///   - worker: one of 0..<workers.
    public func batchSize(step: Int, worker: Int) -> Int {
        positions(step: step, worker: worker).count
    }

    /// Number of images in the batch of each worker, the same in every epoch.
    ///
    /// - Parameter step: the step of the epoch, one of 0..<stepsPerEpoch.
    public func batchSizes(step: Int) -> [Int] {
        (0..<shards.workers).map { batchSize(step: step, worker: $0) }
    }

    /// The global batch: the number of images in all workers' batches of a step, the same in every epoch.
    ///
    /// - Parameter step: the step of the epoch, one of 0..<stepsPerEpoch.
    public func globalBatch(step: Int) -> Int { batchSizes(step: step).reduce(0, +) }

    /// Images of all workers in an epoch.
    public var imagesPerEpoch: Int { (0..<stepsPerEpoch).reduce(0) { $0 + globalBatch(step: $1) } }

    /// The images of an epoch's last step as a share of those of its first: 1 unless the last is smaller.
    public var shareOfLastStep: Double {
        stepsPerEpoch == 0 ? 1 : Double(globalBatch(step: stepsPerEpoch - 1)) / Double(globalBatch(step: 0))
    }

    private func positions(step: Int, worker: Int) -> Range<Int> {
        precondition(0..<stepsPerEpoch ~= step, "step \(step) of \(stepsPerEpoch)")
        let size = shards.size(ofWorker: worker)
        return min(step * batch, size)..<min((step + 1) * batch, size)
    }
}
