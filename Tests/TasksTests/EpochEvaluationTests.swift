import Autograd
import Datasets
import MPI
import Training
import Workers
import XCTest

@testable import Tasks
@testable import TrainingTests

/// What is looked at after every epoch.
final class EpochEvaluationTests: TrainingTestCase {
    func testTheRowDoesNotDependOnTheRanks() throws {
        for statistics in [StatisticsGroup.ghost(3), .worker, .workers(5), .world] {
            let setting = Setting(normalization: .batch(statistics), testImages: 67)
            let rows = try [world, alone].map { communicator in
                let run = try setting.run(on: communicator)
                _ = try run.train(steps: 0..<6)
                return try XCTUnwrap(run.task.evaluateEpoch())
            }
            XCTAssertEqual(rows[0], rows[1], "\(statistics)")
            XCTAssertEqual(
                rows[0].columns,
                [
                    "part", "images", "loss", "error_percent", "training_mode_loss", "training_mode_error_percent",
                ])
            XCTAssertEqual(Array(rows[0].values.prefix(2)), ["test", "67"])
        }
    }

    /// Batches of images that are trained on have in evaluation "as in training" the loss that a step with a rate of 0 has.
    func testTheLossAsInTrainingIsThatOfATrainingStep() throws {
        for statistics in [StatisticsGroup.ghost(3), .worker, .workers(5), .world] {
            var setting = Setting(normalization: .batch(statistics), images: 40)
            setting.rate = 0
            setting.weightDecay = 0
            let run = try setting.run(on: world)
            var sampler = run.task.sampler
            let order = (0..<10).flatMap { Array(sampler.batch(epoch: 0, step: 0, worker: $0)) }
            let evaluated = try run.task.testAsInTraining(on: Digits.first(40).train.subset(order))
            let loss = try run.train(steps: 0..<1)[0]
            XCTAssertEqual(evaluated.loss.bitPattern, loss.bitPattern, "\(statistics)")
        }
    }

    func testRunningStatisticsStayAsTheyAre() throws {
        let run = try Setting(normalization: .batch(.worker)).run(on: world)
        _ = try run.train(steps: 0..<2)
        let before = try run.state().digest
        _ = try run.task.evaluateEpoch()
        XCTAssertEqual(try run.state().digest, before)
    }

    func testNormsWithoutStatisticsOverImagesHaveNoGap() throws {
        for choice in [NormChoice.none, .group] {
            let run = try Setting(normalization: choice).run(on: world)
            let row = try XCTUnwrap(run.task.evaluateEpoch())
            XCTAssertEqual(row.values[3], row.values[5], "\(choice): error")
            XCTAssertEqual(
                try XCTUnwrap(Double(row.values[2])), try XCTUnwrap(Double(row.values[4])), accuracy: 1e-6)
        }
    }

    func testValidationImagesAreLookedAtWhereThereAreAny() throws {
        let dataset = try Digits.all.drawn(trainImages: 40, validation: 30, seed: 1)
        let settings = TaskSettings(seed: 1, workers: 6)
        let task = try Classification(TaskContext(settings, dataset: dataset, communicator: world))
        let row = try XCTUnwrap(task.evaluateEpoch())
        XCTAssertEqual(Array(row.values.prefix(2)), ["validation", "30"])
        XCTAssertEqual(row.values[2], "\(try task.test(on: XCTUnwrap(dataset.validation)).loss)")
        XCTAssertEqual(try task.evaluate()[0].value, try task.test(on: dataset.test).errorPercent)
    }

    func testABatchLargerThanAnySetIsTheWholeOfIt() throws {
        let dataset = try Digits.all.drawn(trainImages: 40, validation: 30, seed: 1)
        var settings = TaskSettings(seed: 1, workers: 6)
        settings.training.batch = .max
        let task = try Classification(TaskContext(settings, dataset: dataset, communicator: world))
        XCTAssertEqual(task.stepsPerEpoch, 1)
        XCTAssertNotNil(try task.evaluateEpoch())
        XCTAssertEqual(
            try Classification.neededImages(of: dataset, settings, on: RankTransport(alone)).validation, Array(0..<30))
    }
}
