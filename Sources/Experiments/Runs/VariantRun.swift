import Datasets
import MPI
import Models
import Normalization
import Training

extension Session {
    /// Trains one variant, evaluates it and writes its folder.
    ///
    /// - Parameters:
    ///   - folder: made by now; used on the first rank only.
    /// - Returns: the result, the same on every rank but for times.
    func run(
        _ plan: RunPlan, dataset: Dataset, command: String, folder: RunFolder, progress: Progress
    ) throws -> RunResult {
        let hosting = Hosting(workers: plan.workers, ranks: communicator.size, rank: communicator.rank)
        let sums = TimedCommunicator(communicator)
        let network = try plan.network(for: dataset, hosting: hosting, reducer: sums)
        let trainer = plan.trainer(of: network, dataset: dataset, hosting: hosting, communicator: sums)

        let training = try train(trainer, plan, progress, sums)
        let evaluator = Evaluator(
            dataset: dataset, batch: plan.configuration.evaluation.batch, communicator: sums)
        let test = try evaluator.evaluate(
            network, statistics: plan.configuration.evaluation.statistics, workers: plan.workers)
        // The update of the last step shows in no step's loss.
        guard test.loss.isFinite else { throw AgreedFailure.divergedInTheLastStep }
        let state = try NetworkState(network, workers: plan.workers, communicator: communicator)
        let result = RunResult(
            command: command, normalization: plan.norm.rawValue, statistics: plan.statistics,
            ranks: communicator.size, workers: plan.workers, batch: plan.configuration.training.batch,
            epochs: plan.configuration.training.epochs, seed: plan.configuration.seed,
            dataset: dataset.name.rawValue, trainLoss: training.lastEpochLoss, testErrorPercent: test.errorPercent,
            imagesPerSecond: training.imagesPerSecond, seconds: training.seconds,
            communicationShare: training.communicationShare, weightsSHA256: state.digest)
        try onFirst { try folder.write(plan.configuration, training.metrics, state, result) }
        return result
    }

    private struct TrainingRecord {
        var metrics = Metrics()
        var lastEpochLoss = 0.0
        var seconds = 0.0
        var communicationShare = 0.0
        var imagesPerSecond = 0.0
    }

    private func train(
        _ trainer: Trainer, _ plan: RunPlan, _ progress: Progress, _ sums: TimedCommunicator
    ) throws -> TrainingRecord {
        var record = TrainingRecord()
        let stepsPerEpoch = trainer.sampler.stepsPerEpoch
        let epochs = plan.configuration.training.epochs
        var lastEpochLossSum = 0.0
        var images = 0
        defer { progress.end() }
        progress.begin(plan.norm.rawValue, steps: stepsPerEpoch * epochs, stepsPerEpoch: stepsPerEpoch)
        let start = MPIEnvironment.wallSeconds
        // oneDNN makes its kernels in the first step of a process, which would count against the first variant.
        var afterFirstStep = start
        for step in 0..<stepsPerEpoch * epochs {
            let report = try trainer.step(step)
            record.metrics.add(report)
            images += step == 0 ? 0 : report.images
            if step == 0 { afterFirstStep = MPIEnvironment.wallSeconds }
            if step >= stepsPerEpoch * (epochs - 1) { lastEpochLossSum += report.loss * Double(report.images) }
            progress.advance(report)
        }
        let end = MPIEnvironment.wallSeconds
        record.seconds = end - start
        record.imagesPerSecond = Double(images) / (end - afterFirstStep)
        record.lastEpochLoss = lastEpochLossSum / Double(trainer.sampler.shards.count)
        let share = try communicator.allreduce(sums.seconds / record.seconds, .sum)
        record.communicationShare = share / Double(communicator.size)
        return record
    }
}

extension AgreedFailure {
    /// Every rank gets the same test loss.
    fileprivate static let divergedInTheLastStep = AgreedFailure(
        rank: nil,
        message: "the loss of the test images after the last step is not a number: "
            + "lower the learning rate or warm it up.")
}
