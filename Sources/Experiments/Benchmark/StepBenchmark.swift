import Autograd
import Datasets
import MPI
import Normalization
import Threads
import Training

/// Measures the steps of one training on synthetic images, a few at a time, so that trainings can be measured in turn.
final class StepBenchmark {
    private static let warmUpSteps = 5

    let plan: RunPlan
    private let communicator: Communicator
    private let sums: TimedCommunicator
    private let trainer: Trainer
    private let work: NetworkWork
    private let hostedWorkers: Int
    private var convolutions: NetworkConvolutions?

    private var stepsDone = 0
    /// Of this rank, a value a measured step.
    private var stepSeconds: [Double] = []
    /// Of this rank, for the batches of all workers hosted here.
    private var convolutionSeconds: [Double] = []
    private var exchanged = Exchanged()
    private var peakMemoryBytes = 0

    /// What was sent and allocated in the measured steps.
    private struct Exchanged {
        var seconds = 0.0
        var bytes = 0
        var messages = 0
        var newBuffers = 0
    }

    /// A training before its first step; a collective.
    init(_ plan: RunPlan, communicator: Communicator) throws {
        self.plan = plan
        self.communicator = communicator
        let batch = plan.workers * plan.configuration.training.batch
        // Every step is full, and an epoch's shuffling spread over many steps as in real training.
        let stepsPerEpoch = min(16, max(2, 8192 / batch))
        let dataset = try plan.configuration.dataset.source().synthetic(images: stepsPerEpoch * batch)
        let hosting = Hosting(workers: plan.workers, ranks: communicator.size, rank: communicator.rank)
        sums = plan.sums(over: communicator)
        let network = try plan.network(for: dataset, hosting: hosting, reducer: sums)
        trainer = plan.trainer(of: network, dataset: dataset, hosting: hosting, communicator: sums)
        work = NetworkWork(dataset.train, convolution: plan.configuration.model.convolution)
        hostedWorkers = hosting.hosted.count
    }

    /// Steps that are not measured: kernels are made and buffers allocated; a collective.
    ///
    /// - Returns: the seconds of a step, the same on every rank.
    func warmUp() throws -> Double {
        var seconds: [Double] = []
        for _ in 0..<Self.warmUpSteps { seconds.append(try step()) }
        peakMemoryBytes = PeakMemory.bytes ?? 0
        return try communicator.allreduce(Quantiles(Array(seconds.dropFirst(2))).median, .max)
    }

    /// Measures steps, and after them the convolutions; a collective.
    func measure(steps: Int) throws {
        // What another training left in the cache is not this one's concern.
        _ = try step()
        let before = exchangedSoFar
        for _ in 0..<steps { stepSeconds.append(try step()) }
        let after = exchangedSoFar
        exchanged.seconds += after.seconds - before.seconds
        exchanged.bytes += after.bytes - before.bytes
        exchanged.messages += after.messages - before.messages
        exchanged.newBuffers += after.newBuffers - before.newBuffers
        try measureConvolutions(runs: min(10, max(3, steps / 2)))
    }

    /// What the measurements come to; a collective.
    func figures(peak: ProcessorPeak) throws -> StepFigures {
        var slowest = stepSeconds
        try communicator.allreduce(&slowest, .max)
        let communicationShare = try communicator.allreduce(
            exchanged.seconds / stepSeconds.reduce(0, +), .sum)
        var slowestConvolutions = convolutionSeconds
        try communicator.allreduce(&slowestConvolutions, .max)
        return StepFigures(
            plan, ranks: communicator.size, flopsPerImage: work.flopsPerImage, peak: peak,
            stepSeconds: Quantiles(slowest), steps: slowest.count,
            convolutionSeconds: slowestConvolutions.isEmpty ? nil : Quantiles(slowestConvolutions).median,
            bytes: try communicator.allreduce(exchanged.bytes, .max),
            messages: try communicator.allreduce(exchanged.messages, .max),
            communicationShare: communicationShare / Double(communicator.size),
            peakMemoryBytes: try communicator.allreduce(peakMemoryBytes, .max),
            newBuffers: try communicator.allreduce(exchanged.newBuffers, .max))
    }

    private func step() throws -> Double {
        defer { stepsDone += 1 }
        return try trainer.step(stepsDone).seconds
    }

    private var exchangedSoFar: Exchanged {
        Exchanged(
            seconds: sums.seconds, bytes: sums.bytes, messages: sums.messages, newBuffers: BufferPool.allocationCount)
    }

    /// One after the other on one thread: nothing to hold a step of several threads against.
    private func measureConvolutions(runs: Int) throws {
        guard Threads.count == 1 else { return }
        let convolutions =
            try convolutions ?? NetworkConvolutions(work, images: plan.configuration.training.batch)
        self.convolutions = convolutions
        try communicator.barrier()
        _ = try convolutions.run()
        for _ in 0..<runs {
            convolutionSeconds.append(try convolutions.run().reduce(0, +) * Double(hostedWorkers))
        }
    }
}
