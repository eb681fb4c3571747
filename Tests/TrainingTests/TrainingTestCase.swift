import Datasets
import MPI
import MPITests
import Models
import Normalization
import Training
import XCTest

/// Tests that compare a run on the ranks of the world with the same run on one rank.
class TrainingTestCase: MPITestCase {
    /// A communicator of this rank alone, which then hosts all workers.
    private(set) var alone: Communicator!

    override func setUpWithError() throws {
        try super.setUpWithError()
        alone = try world.split(color: world.rank, key: 0)
    }

    override func tearDown() {
        alone = nil
        super.tearDown()
    }

    /// What `body` throws, as every rank describes it.
    func errorsOfAllRanks(_ body: () throws -> Void) throws -> [String] {
        var description = "nothing thrown"
        do { try body() } catch { description = "\(error)" }
        return try world.allgather(description)
    }
}

/// Small pictures, the same everywhere.
enum Digits {
    static let all: Dataset = {
        do { return try Dataset.source("digits").load() } catch { fatalError("\(error)") }
    }()

    /// The first `train` training images and the first `test` test images.
    static func first(_ train: Int, test: Int = 60) -> Dataset {
        Dataset(name: "digits", train: all.train.prefix(train), test: all.test.prefix(test))
    }
}

extension NormalizationChoice {
    static func batch(_ statistics: StatisticsGroup) -> NormalizationChoice {
        .batch(BatchNormalization.Options(statistics: statistics))
    }

    static let group = NormalizationChoice.group(groups: 8, epsilon: 1e-5, affine: true)
    static let layer = NormalizationChoice.layer(epsilon: 1e-5, affine: true)
    static let instance = NormalizationChoice.instance(epsilon: 1e-5, affine: true)
}

/// A configuration of a run, which says nothing about ranks.
struct Setting {
    var normalization: NormalizationChoice
    var images = 41
    var workers = 10
    var batch = 4
    var rate = 0.02
    var momentum = 0.9
    var weightDecay = 1e-4

    /// A network, its trainer and its communicator, before the first step.
    func run(on communicator: Communicator) -> Run {
        let hosting = Hosting(workers: workers, ranks: communicator.size, rank: communicator.rank)
        let sums = TimedCommunicator(communicator)
        let network = ConvolutionalNetwork(
            inputChannels: 1, classes: 10, normalization: normalization, seed: 3, hosting: hosting, reducer: sums)
        return Run(network: network, setting: self, hosting: hosting, sums: sums)
    }
}

/// A run under way.
struct Run {
    let network: any Network
    let trainer: Trainer
    let sums: TimedCommunicator

    init(network: any Network, setting: Setting, hosting: Hosting, sums: TimedCommunicator) {
        let sampler = Sampler(
            shards: Shards(count: setting.images, workers: setting.workers, seed: 7), batch: setting.batch, seed: 7)
        let schedule = LearningRateSchedule(
            peak: setting.rate, decay: .constant, warmUpEpochs: 0, stepsPerEpoch: sampler.stepsPerEpoch, epochs: 100)
        self.network = network
        self.sums = sums
        trainer = Trainer(
            network: network, dataset: Digits.first(setting.images), sampler: sampler, schedule: schedule,
            options: Trainer.Options(momentum: setting.momentum, weightDecay: setting.weightDecay), hosting: hosting,
            communicator: sums)
    }

    /// The losses of the next steps.
    func train(steps: Range<Int>) throws -> [Double] {
        try steps.map { try trainer.step($0).loss }
    }
}

/// The largest difference as a share of the largest expected magnitude.
func relativeError(_ values: [Float], _ expected: [Float]) -> Double {
    precondition(values.count == expected.count, "\(values.count) values, \(expected.count) expected")
    let scale = expected.map { abs(Double($0)) }.max() ?? 0
    let error = zip(values, expected).map { abs(Double($0) - Double($1)) }.max() ?? 0
    return error == 0 ? 0 : error / scale
}
