import Autograd
import Datasets
import Kernels
import MPI
import Models
import Normalization

/// Trains a network on the shards of the workers hosted here, in step with all other ranks.
public final class Trainer {
    /// The settings of the descent.
    public struct Options: Sendable {
        /// v ← momentum·v + gradient.
        public var momentum: Double
        /// This times the weight is added to its gradient.
        public var weightDecay: Double

        /// Settings of stochastic gradient descent.
        public init(momentum: Double, weightDecay: Double) {
            self.momentum = momentum
            self.weightDecay = weightDecay
        }
    }

    /// One step, the same on every rank but for the seconds.
    public struct StepReport: Sendable {
        /// Counted from 1.
        public let step: Int
        /// The mean loss over the global batch, before the update.
        public let loss: Double
        /// The learning rate.
        public let rate: Double
        /// Images of all workers.
        public let images: Int
        /// Wall time of this rank.
        public let seconds: Double
        /// Whether a rank asked to stop after this step.
        public let wantsStop: Bool
    }

    /// The network that is trained.
    public let network: any Network
    /// Which images each worker sees.
    public private(set) var sampler: Sampler
    private let dataset: Dataset
    private let schedule: LearningRateSchedule
    let hosting: Hosting
    let communicator: TimedCommunicator
    private let exchange: any GradientExchange
    let optimizer: GradientDescent

    /// A trainer before its first step.
    public init(
        network: any Network, dataset: Dataset, sampler: Sampler, schedule: LearningRateSchedule, options: Options,
        hosting: Hosting, communicator: TimedCommunicator
    ) {
        self.network = network
        self.dataset = dataset
        self.sampler = sampler
        self.schedule = schedule
        self.hosting = hosting
        self.communicator = communicator
        let parameters = network.parameters
        exchange = communicator.gradientExchange(
            parameters: parameters, globallySummed: network.globallySummedParameters, workers: hosting.workers)
        optimizer = GradientDescent(
            parameters: parameters, momentum: options.momentum, weightDecay: options.weightDecay)
    }

    /// Carries out one step.
    ///
    /// - Parameters:
    ///   - index: the step of the run, counted from 0.
    ///   - stopping: whether this rank was asked to stop after it.
    /// - Throws: `TrainingError.diverged` or `gradientOverflow`, on every rank alike.
    public func step(_ index: Int, stopping: Bool = false) throws -> StepReport {
        let start = MPIEnvironment.wallSeconds
        let (epoch, step) = index.quotientAndRemainder(dividingBy: sampler.stepsPerEpoch)
        let batch = nextBatch(epoch: epoch, step: step)
        let tape = Tape(layout: batch.layout)
        exchange.begin()
        if stopping { exchange.requestStop() }
        let logits = try network.logits(batch.images, mode: .training, on: tape, inspect: nil)
        let crossEntropy = try tape.crossEntropy(logits, labels: batch.labels)
        for loss in crossEntropy.workerLossSums { exchange.add(workerLoss: loss) }
        try tape.backward(from: crossEntropy.loss, into: exchange)
        let outcome = try exchange.exchange()
        let loss = outcome.lossSum / Double(batch.layout.globalImages)
        guard loss.isFinite else {
            throw TrainingError.diverged(step: index + 1, layer: try firstLayerNotFinite(batch))
        }
        if let parameter = outcome.lostParameter {
            throw TrainingError.gradientOverflow(step: index + 1, parameter: parameter)
        }
        let rate = schedule.rate(atStep: index)
        optimizer.step(rate: rate) { UnsafePointer(exchange.gradient($0)) }
        return StepReport(
            step: index + 1, loss: loss, rate: rate, images: batch.layout.globalImages,
            seconds: MPIEnvironment.wallSeconds - start, wantsStop: outcome.wantsStop)
    }

    private struct Batch {
        let layout: BatchLayout
        let images: Tensor
        let labels: [Int]
    }

    /// The hosted workers' images, worker after worker.
    private func nextBatch(epoch: Int, step: Int) -> Batch {
        var indices: [Int] = []
        var counts: [Int] = []
        for worker in hosting.hosted {
            let batch = sampler.batch(epoch: epoch, step: step, worker: worker)
            indices.append(contentsOf: batch)
            counts.append(batch.count)
        }
        let layout = BatchLayout(
            imageCounts: counts, firstWorker: hosting.hosted.lowerBound, globalImages: sampler.globalBatch(step: step))
        return Batch(
            layout: layout, images: dataset.tensor(of: dataset.train, indices),
            labels: indices.map { Int(dataset.train.labels[$0]) })
    }

    /// Runs the forward pass of a diverged step again and looks at every layer. The weights are still those of the step,
    /// and all ranks take part because synchronised norms need them.
    ///
    /// - Returns: the first layer with an output that is not finite on any rank, the same on all; nil without one.
    private func firstLayerNotFinite(_ batch: Batch) throws -> String? {
        var names: [String] = []
        var firstBad = Int64.max
        let tape = Tape(layout: batch.layout, isRecording: false)
        _ = try network.logits(batch.images, mode: .training, on: tape) { name, output in
            let isFinite = output.values.allSatisfy(\.isFinite)
            if !isFinite { firstBad = min(firstBad, Int64(names.count)) }
            names.append(name)
        }
        let first = try communicator.communicator.allreduce(firstBad, .min)
        return first == .max ? nil : names[Int(first)]
    }
}

extension Dataset {
    /// Normalised images as a tensor, images × height × width × channels.
    func tensor(of set: ImageSet, _ indices: some Collection<Int>) -> Tensor {
        let tensor = Tensor(shape: [indices.count, set.height, set.width, set.channels])
        set.fill(tensor.values, with: indices, normalization: normalization)
        return tensor
    }
}

extension Network {
    /// Parameters whose gradients arrive already summed over all workers: γ and β of synchronised norms.
    var globallySummedParameters: Set<String> {
        let synchronized = batchNormalizations.filter { $0.options.statistics == .world }
        return Set(synchronized.flatMap { ["\($0.name).gamma", "\($0.name).beta"] })
    }
}
