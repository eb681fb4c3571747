import Autograd
import Foundation
import MPI
import Tasks
import Training
import Workers
import XCTest

@testable import TrainingTests

/// How a classifier is tested, and with which statistics.
final class EvaluationTests: TrainingTestCase {
    private let dataset = Digits.first(41, test: 67)

    func testTheResultDoesNotDependOnTheRanks() throws {
        for statistics in [StatisticsGroup.worker, .workers(2), .world] {
            for choice in EvaluationStatistics.allCases {
                let setting = setting(.batch(statistics), choice)
                let (shared, single) = (try setting.run(on: world), try setting.run(on: alone))
                _ = (try shared.train(steps: 0..<6), try single.train(steps: 0..<6))
                let (result, expected) = (try shared.task.test(), try single.task.test())
                XCTAssertEqual(result.images, 67)
                XCTAssertEqual(result.errors, expected.errors, "\(statistics) \(choice)")
                XCTAssertEqual(result.loss.bitPattern, expected.loss.bitPattern, "\(statistics) \(choice)")
            }
        }
    }

    func testRanksWithoutABatchAgreeToo() throws {
        let setting = setting(.group, .pooled, batch: 67)
        XCTAssertEqual(try setting.run(on: world).task.test(), try setting.run(on: alone).task.test())
    }

    func testConstantScoresHaveTheErrorsAndTheLossOfTheirClass() throws {
        let run = try tinyRun(.pooled, batch: 9) { _ in
            let network = TinyNetwork()
            network.dense.bias.pointer[3] = 2
            return network
        }
        let result = try run.task.test()
        let threes = dataset.test.labels.filter { $0 == 3 }.count
        XCTAssertEqual(result.errors, 67 - threes)
        XCTAssertEqual(result.errorPercent, 100 * Double(67 - threes) / 67)
        // −log p is log(9 + e²), less 2 for the class that has the score.
        XCTAssertEqual(result.loss, log(9 + exp(2)) - 2 * Double(threes) / 67, accuracy: 1e-6)
        let scores = try run.task.evaluate()
        XCTAssertEqual(scores.map(\.name), ["test_error_percent", "wrong_test_images", "test_images", "test_loss"])
        XCTAssertEqual(scores.map(\.value), [result.errorPercent, Double(result.errors), 67, result.loss])
        XCTAssertEqual(
            scores[0].text,
            String(format: "test error %.2f%% (%d of 67 images)", result.errorPercent, result.errors))
    }

    func testScoresThatAreNoNumberAreErrors() throws {
        let result = try tinyRun(.pooled, batch: 9) { _ in
            let network = TinyNetwork()
            network.dense.bias.values.update(repeating: .nan)
            return network
        }.task.test()
        XCTAssertEqual(result.errors, 67)
        XCTAssertTrue(result.loss.isNaN)
    }

    func testPooledStatisticsAreThoseOfTheUnion() throws {
        let run = try runWithKnownStatistics(.pooled)
        let statistics = try run.task.evaluationStatistics(of: run.task.player)
        let chosen = try XCTUnwrap(statistics["normalization"])
        // Means 0, 2, …, 10 and variances 1, 2, …, 6: within 3.5, between (25 + 9 + 1)·2/6.
        XCTAssertEqual(chosen.mean[0], 5, accuracy: 1e-12)
        XCTAssertEqual(chosen.variance[0], 3.5 + 70.0 / 6, accuracy: 1e-12)
    }

    func testTheFirstWorkersStatisticsAreTakenAsTheyAre() throws {
        let run = try runWithKnownStatistics(.worker0)
        let statistics = try run.task.evaluationStatistics(of: run.task.player)
        XCTAssertEqual(statistics, ["normalization": ChannelStatistics(mean: [0], variance: [1])])
    }

    func testPooledAndFirstStatisticsLeadToDifferentLosses() throws {
        let pooled = try runWithKnownStatistics(.pooled).task.test()
        let first = try runWithKnownStatistics(.worker0).task.test()
        XCTAssertGreaterThan(abs(pooled.loss - first.loss), 1e-3)
    }

    func testBatchStatisticsAreThoseOfTheTestBatchWhateverTheRunningOnes() throws {
        let result = try runWithKnownStatistics(.batch).task.test()
        XCTAssertEqual(result.loss, try lossWithBatchStatistics(batch: 16), accuracy: 1e-6)
        let other = try runWithKnownStatistics(.batch) {
            $0.normalization?.running.variance.values.update(repeating: 100)
        }
        XCTAssertEqual(try other.task.test().loss, result.loss)
    }

    func testBatchStatisticsDoNotDependOnWhichRunningOnesARankKeeps() throws {
        // Far from the test images, and from each other: as pivots they would cost digits, other ones on each rank.
        func result(on communicator: Communicator) throws -> Classification.TestResult {
            try runWithKnownStatistics(.batch, on: communicator) { network in
                guard let norm = network.normalization else { return }
                for (row, worker) in norm.ownState[0].rows.enumerated() {
                    norm.running.mean.row(row)[0] = 3e6 * (Float(worker) - 2.5)
                }
            }.task.test()
        }
        let (shared, single) = (try result(on: world), try result(on: alone))
        XCTAssertEqual(shared.loss.bitPattern, single.loss.bitPattern)
        XCTAssertEqual(shared.loss, try lossWithBatchStatistics(batch: 16), accuracy: 1e-6)
    }

    /// Of the classifier in `runWithKnownStatistics`, whose score of class k is k/4·x̄, in Double.
    private func lossWithBatchStatistics(batch: Int) throws -> Double {
        let values = dataset.test.valuesPerImage
        let pixels = dataset.test.images.map {
            (Double($0) - Double(dataset.normalization.means[0])) / Double(dataset.normalization.deviations[0])
        }
        var loss = 0.0
        for start in stride(from: 0, to: 67, by: batch) {
            let images = start..<min(start + batch, 67)
            let batchPixels = pixels[images.lowerBound * values..<images.upperBound * values]
            let mean = batchPixels.reduce(0, +) / Double(batchPixels.count)
            let variance = batchPixels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(batchPixels.count)
            for image in images {
                let pixelMean = pixels[image * values..<(image + 1) * values].reduce(0, +) / Double(values)
                let feature = (pixelMean - mean) / (variance + 1e-5).squareRoot()
                let scores = (0..<10).map { Double($0) / 4 * feature }
                loss += log(scores.reduce(0) { $0 + exp($1) }) - scores[Int(dataset.test.labels[image])]
            }
        }
        return loss / 67
    }

    /// A classifier of six workers, each of which has running statistics of its own.
    private func runWithKnownStatistics(
        _ choice: EvaluationStatistics, on communicator: Communicator? = nil, _ change: (TinyNetwork) -> Void = { _ in }
    ) throws -> Run {
        try tinyRun(choice, batch: 16, on: communicator) { hosting in
            let network = TinyNetwork(statistics: .worker, hosting: hosting)
            for output in 0..<10 { network.dense.weight.pointer[output] = Float(output) / 4 }
            guard let norm = network.normalization else { return network }
            for (row, worker) in norm.ownState[0].rows.enumerated() {
                norm.running.mean.row(row)[0] = Float(2 * worker)
                norm.running.variance.row(row)[0] = Float(1 + worker)
            }
            change(network)
            return network
        }
    }

    private func tinyRun(
        _ choice: EvaluationStatistics, batch: Int, on communicator: Communicator? = nil,
        _ network: (Hosting) -> TinyNetwork
    ) throws -> Run {
        var setting = setting(.none, choice, batch: batch)
        setting.workers = 6
        return try setting.run(on: communicator ?? world) { hosting, _ in network(hosting) }
    }

    private func setting(_ normalization: NormChoice, _ choice: EvaluationStatistics, batch: Int = 5) -> Setting {
        var setting = Setting(normalization: normalization, testImages: 67)
        setting.evaluation.statistics = choice
        setting.evaluation.batch = batch
        setting.evaluation.preciseImages = 37
        return setting
    }
}
