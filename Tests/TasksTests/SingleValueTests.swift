import Catalogues
import Datasets
import Training
import Workers
import XCTest

@testable import Tasks
@testable import TrainingTests

/// The variance of a single value is no statistic.
final class SingleValueTests: TrainingTestCase {
    private let digits = Digits.first(41)

    /// The network `head` has its norm behind a dense layer, where each image gives it one value a channel.
    func testANormThatWouldTakeVariancesOverASingleValueInEveryStepIsRefusedNamingLayerAndShape() throws {
        for (norm, statistics, batch) in [
            ("in", nil, 4), ("bn", nil, 1), ("brn", nil, 1), ("batch", .ghost(1), 4), ("batch", .ghost(2), 3),
        ] as [(String, StatisticsGroup?, Int)] {
            for error in try errorsOfAllRanks({ _ = try task("head", norm, statistics, batch: batch) }) {
                XCTAssertTrue(
                    error.hasPrefix("normalization1, which gets 1×1×64 values of an image, would take"), error)
                XCTAssertTrue(error.contains("variances over a single value"), error)
            }
        }
    }

    /// Of 4×4 pixels the last convolution of `cnn` leaves one.
    func testSmallImagesLeaveASinglePixelToTheLastNorm() throws {
        let small = try images(height: 4, width: 4)
        for error in try errorsOfAllRanks({ _ = try task("cnn", "bn", nil, batch: 1, small) }) {
            XCTAssertTrue(error.hasPrefix("normalization5, which gets 1×1×128 values"), error)
        }
        XCTAssertEqual(try task("cnn", "bn", nil, batch: 2, small).notices, [])
        XCTAssertEqual(try task("cnn", "gn", nil, batch: 1, small).notices, [], "16 channels share a statistic")
    }

    func testNormsThatTakeNoVarianceOrOneOverManyValuesAreTrained() throws {
        for (norm, statistics, batch) in [
            ("none", nil, 1), ("rms", nil, 1), ("ln", nil, 1), ("gn", nil, 1), ("syncbn", nil, 1),
            ("batch", .workers(2), 1), ("bn", nil, 2),
        ] as [(String, StatisticsGroup?, Int)] {
            XCTAssertNoThrow(try task("head", norm, statistics, batch: batch), norm)
        }
    }

    /// 41 images among 10 workers are 5, 4, 4, …: with a batch of 4 the last step has one image, of the first worker.
    func testWhereOnlyTheLastStepHasASingleValueRunningStatisticsStayInThatStepAndANoticeSaysSo() throws {
        let task = try task("head", "bn", nil, batch: 4)
        XCTAssertEqual(task.notices.count, 1)
        XCTAssertTrue(task.notices[0].contains("normalization1 a single value a channel"), task.notices[0])
        let trainer = Trainer(task)
        _ = try trainer.step(0)
        let before = try state(of: task)
        _ = try trainer.step(1)
        let after = try state(of: task)
        for tensor in task.player.network.state {
            XCTAssertEqual(after.values(of: tensor), before.values(of: tensor), tensor.name)
        }
        XCTAssertNotEqual(after.digest, before.digest, "the weights are trained")
        XCTAssertEqual(try self.task("head", "bn", nil, batch: 4) { $0.training.lastBatch = .drop }.notices, [])
    }

    func testTestBatchesOfASingleValueAreRefused() throws {
        for (batch, statistics, isRefused) in [
            (1, EvaluationStatistics.batch, true), (59, .batch, true), (58, .batch, false), (1, .pooled, false),
        ] {
            let errors = try errorsOfAllRanks {
                _ = try task("head", "syncbn", nil, batch: 4) {
                    $0.evaluation.batch = batch
                    $0.evaluation.statistics = statistics
                }
            }
            for error in errors {
                XCTAssertEqual(error.hasPrefix("evaluation.batch \(batch): expected"), isRefused, error)
            }
        }
    }

    func testDroppingTheLastBatchNeedsAWholeOne() throws {
        for error in try errorsOfAllRanks({
            _ = try task("cnn", "gn", nil, batch: 5) { $0.training.lastBatch = .drop }
        }) {
            XCTAssertTrue(error.contains("training.lastBatch drop: expected use or scale"), error)
            XCTAssertTrue(error.contains("some workers have 4 images, fewer than a batch of 5"), error)
        }
    }

    private func state(of task: Classification) throws -> NetworkState {
        try NetworkState(task.player.network, workers: 10, communicator: world)
    }

    private func task(
        _ model: String, _ norm: String, _ statistics: StatisticsGroup?, batch: Int, _ dataset: Dataset? = nil,
        _ change: (inout TaskSettings) -> Void = { _ in }
    ) throws -> Classification {
        var settings = TaskSettings(seed: 1, workers: 10)
        settings.model.name = model
        settings.normalization.norm = norm
        settings.normalization.statistics = statistics
        settings.training.batch = batch
        change(&settings)
        return try Classification(TaskContext(settings, dataset: dataset ?? digits, communicator: world))
    }

    private func images(height: Int, width: Int) throws -> Dataset {
        func set(_ count: Int) -> ImageSet {
            ImageSet(
                height: height, width: width, channels: 1, classes: 10,
                images: (0..<count * height * width).map { UInt8(truncatingIfNeeded: $0 * $0) },
                labels: (0..<count).map { UInt8($0 % 10) })
        }
        return Dataset(name: "small", train: set(40), test: set(20))
    }
}
