import Autograd
import Datasets
import MPI
import Models
import Reports
import Runs
import Tasks
import Threads
import Training

/// Measures the steps of one training on synthetic images, a few at a time, so that trainings can be measured in turn.
final class StepBenchmark {
    private static let warmUpSteps = 5

    private let plan: RunPlan
    private let communicator: Communicator
    private let trainer: Trainer<Classification>
    private let dryRun: DryRun
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
        let task = try plan.classification(dataset, on: communicator)
        trainer = Trainer(task)
        let shape = dataset.train.shape
        dryRun = try DryRun(
            of: task.player.network, height: shape.height, width: shape.width, channels: shape.channels)
        hostedWorkers = task.hosting.hosted.count
    }

    /// Steps that are not measured: kernels are made and buffers allocated; a collective.
    ///
    /// - Returns: the seconds of a step, the same on every rank.
    func warmUp() throws -> Double {
        var seconds: [Double] = []
        for _ in 0..<Self.warmUpSteps { seconds.append(try step()) }
        peakMemoryBytes = PeakMemory.bytes ?? 0
        return try communicator.allreduce(
            Quantiles(Array(seconds.dropFirst(2))).median, .max, for: "the length of a measurement")
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
        let shareHere = exchanged.seconds / stepSeconds.reduce(0, +)
        let share =
            try communicator.allreduce(shareHere, .sum, for: "the share of communication") / Double(communicator.size)
        var slowest = stepSeconds
        try communicator.allreduce(&slowest, .max, for: "the slowest rank's steps")
        var slowestConvolutions = convolutionSeconds
        try communicator.allreduce(&slowestConvolutions, .max, for: "the slowest rank's convolutions")
        let measurements = StepFigures.Measurements(
            stepSeconds: slowest, convolutionSeconds: slowestConvolutions,
            bytes: try communicator.allreduce(exchanged.bytes, .max, for: "the bytes of a step"),
            messages: try communicator.allreduce(exchanged.messages, .max, for: "the messages of a step"),
            communicationShare: share,
            peakMemoryBytes: try communicator.allreduce(peakMemoryBytes, .max, for: "the peak of memory"),
            newBuffers: try communicator.allreduce(exchanged.newBuffers, .max, for: "the new buffers of a step"))
        let configuration = plan.configuration
        let setting = StepFigures.Setting(
            norm: plan.norm, statistics: try plan.settings.norm().statistics, model: configuration.model.name,
            optimiser: configuration.training.optimiser, reduction: configuration.training.reduction.rawValue,
            convolution: configuration.model.convolution.rawValue, workers: plan.workers,
            batch: configuration.training.batch)
        return StepFigures(
            setting, measurements, ranks: communicator.size, flopsPerImage: dryRun.flopsPerImage, peak: peak)
    }

    private func step() throws -> Double {
        defer { stepsDone += 1 }
        return try trainer.step(stepsDone).seconds
    }

    private var exchangedSoFar: Exchanged {
        let transport = trainer.task.transport
        return Exchanged(
            seconds: transport.seconds, bytes: transport.bytes, messages: transport.messages,
            newBuffers: BufferPool.allocationCount)
    }

    /// One after the other on one thread: nothing to hold a step of several threads against.
    private func measureConvolutions(runs: Int) throws {
        guard Threads.count == 1 else { return }
        let convolutions =
            try convolutions ?? NetworkConvolutions(dryRun, images: plan.configuration.training.batch)
        self.convolutions = convolutions
        try communicator.barrier(for: "the start of the steps")
        _ = try convolutions.run()
        for _ in 0..<runs {
            convolutionSeconds.append(try convolutions.run().reduce(0, +) * Double(hostedWorkers))
        }
    }
}
