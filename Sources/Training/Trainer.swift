import Autograd
import Datasets
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
    public var network: any Network { descent.network }
    /// Which images each worker sees.
    public private(set) var sampler: Sampler
    let descent: TrainingStep
    private let dataset: Dataset
    private let schedule: LearningRateSchedule

    /// A trainer before its first step.
    public init(
        network: any Network, dataset: Dataset, sampler: Sampler, schedule: LearningRateSchedule, options: Options,
        hosting: Hosting, communicator: TimedCommunicator
    ) {
        self.dataset = dataset
        self.sampler = sampler
        self.schedule = schedule
        descent = TrainingStep(network: network, options: options, hosting: hosting, communicator: communicator)
    }

    /// Carries out one step.
    ///
    /// - Parameters:
    ///   - index: the step of the run, counted from 0.
    ///   - stopping: whether this rank was asked to stop after it.
    /// - Throws: `TrainingError.diverged` or `gradientOverflow`, on every rank alike.
    public func step(_ index: Int, stopping: Bool = false) throws -> StepReport {
        let start = MPIEnvironment.wallSeconds
        let recorder = descent.communicator.recorder
        recorder?.beginStep(index)
        let (epoch, step) = index.quotientAndRemainder(dividingBy: sampler.stepsPerEpoch)
        let hosted = descent.hosting.hosted
        let batch = observe(recorder, "the batch", .other) {
            WorkerBatch(
                of: dataset, indices: hosted.map { Array(sampler.batch(epoch: epoch, step: step, worker: $0)) },
                firstWorker: hosted.lowerBound, globalImages: sampler.globalBatch(step: step))
        }
        let rate = schedule.rate(atStep: index)
        let outcome = try descent.update(
            descent.forward(batch), number: index + 1, rate: rate, stopping: stopping)
        let seconds = MPIEnvironment.wallSeconds - start
        try recorder?.endStep()
        return StepReport(
            step: index + 1, loss: outcome.loss, rate: rate, images: batch.layout.globalImages, seconds: seconds,
            wantsStop: outcome.wantsStop)
    }
}
