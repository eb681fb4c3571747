import Datasets
import Foundation
import MPI
import Models
import Normalization
import XCTest

@testable import Training

final class EvaluatorTests: TrainingTestCase {
    private let dataset = Digits.first(41, test: 67)

    func testTheResultDoesNotDependOnTheRanks() throws {
        for statistics in [StatisticsGroup.worker, .workers(2), .world] {
            let setting = Setting(normalization: .batch(statistics))
            let (shared, single) = (setting.run(on: world), setting.run(on: alone))
            _ = (try shared.train(steps: 0..<6), try single.train(steps: 0..<6))
            for choice in EvaluationStatistics.allCases {
                let result = try evaluate(shared, choice, workers: setting.workers)
                let expected = try evaluate(single, choice, workers: setting.workers)
                XCTAssertEqual(result.images, 67)
                XCTAssertEqual(result.errors, expected.errors, "\(statistics) \(choice)")
                XCTAssertEqual(result.loss.bitPattern, expected.loss.bitPattern, "\(statistics) \(choice)")
            }
        }
    }

    func testRanksWithoutABatchAgreeToo() throws {
        let run = Setting(normalization: .group).run(on: world)
        let whole = try evaluate(run, .pooled, workers: 10, batch: 67)
        let expected = try evaluate(Setting(normalization: .group).run(on: alone), .pooled, workers: 10, batch: 67)
        XCTAssertEqual(whole, expected)
    }

    func testConstantScoresHaveTheErrorsAndTheLossOfTheirClass() throws {
        let network = TinyNetwork()
        network.bias.tensor.pointer[3] = 2
        let sums = TimedCommunicator(world)
        let result = try Evaluator(dataset: dataset, batch: 9, communicator: sums).evaluate(
            network, statistics: .pooled, workers: 6)
        let threes = dataset.test.labels.filter { $0 == 3 }.count
        XCTAssertEqual(result.errors, 67 - threes)
        XCTAssertEqual(result.errorPercent, 100 * Double(67 - threes) / 67)
        // −log p is log(9 + e²), less 2 for the class that has the score.
        XCTAssertEqual(result.loss, log(9 + exp(2)) - 2 * Double(threes) / 67, accuracy: 1e-6)
    }

    func testScoresThatAreNoNumberAreErrors() throws {
        let network = TinyNetwork()
        for output in 0..<10 { network.bias.tensor.pointer[output] = .nan }
        let sums = TimedCommunicator(world)
        let result = try Evaluator(dataset: dataset, batch: 9, communicator: sums).evaluate(
            network, statistics: .pooled, workers: 6)
        XCTAssertEqual(result.errors, 67)
        XCTAssertTrue(result.loss.isNaN)
    }

    func testGatheredStatisticsAreThoseThatEachRankHolds() throws {
        for statistics in [StatisticsGroup.worker, .workers(2), .workers(3), .world] {
            let layer = layerWithKnownStatistics(statistics)
            let (means, variances) = try layer.running.gathered(over: world, workers: 6)
            let sets = layer.running.totalSets
            XCTAssertEqual(means, (0..<sets).map(mean(ofSet:)))
            XCTAssertEqual(variances, (0..<sets).map(variance(ofSet:)))
        }
    }

    func testGatheredStatisticsKeepEveryBit() throws {
        let layer = layerWithKnownStatistics(.worker)
        let special: [Float] = [-0.0, .leastNonzeroMagnitude, .infinity, -.nan, Float(nan: 77, signaling: false), 1]
        for set in 0..<layer.running.setCount {
            layer.running.mean.row(set)[0] = special[layer.running.firstSet + set]
        }
        let (means, _) = try layer.running.gathered(over: world, workers: 6)
        XCTAssertEqual(means.map(\.bitPattern), special.map(\.bitPattern))
    }

    func testPooledStatisticsAreThoseOfTheUnion() throws {
        let network = networkWithKnownStatistics()
        _ = try evaluate(network, .pooled)
        let chosen = try XCTUnwrap(network.normalization?.evaluationStatistics)
        // Means 0, 2, …, 10 and variances 1, 2, …, 6: within 3.5, between (25 + 9 + 1)·2/6.
        XCTAssertEqual(chosen.mean[0], 5, accuracy: 1e-12)
        XCTAssertEqual(chosen.variance[0], 3.5 + 70.0 / 6, accuracy: 1e-12)
    }

    func testTheFirstWorkersStatisticsAreTakenAsTheyAre() throws {
        let network = networkWithKnownStatistics()
        _ = try evaluate(network, .worker0)
        let chosen = try XCTUnwrap(network.normalization?.evaluationStatistics)
        XCTAssertEqual(chosen, ChannelStatistics(mean: [0], variance: [1]))
    }

    func testPooledAndFirstStatisticsLeadToDifferentLosses() throws {
        let pooled = try evaluate(networkWithKnownStatistics(), .pooled)
        let first = try evaluate(networkWithKnownStatistics(), .worker0)
        XCTAssertGreaterThan(abs(pooled.loss - first.loss), 1e-3)
    }

    func testBatchStatisticsAreThoseOfTheTestBatchWhateverTheRunningOnes() throws {
        let result = try evaluate(networkWithKnownStatistics(), .batch)
        XCTAssertEqual(result.loss, try lossWithBatchStatistics(batch: 16), accuracy: 1e-6)
        let other = networkWithKnownStatistics()
        other.normalization?.running.variance.values.update(repeating: 100)
        XCTAssertEqual(try evaluate(other, .batch).loss, result.loss)
    }

    func testBatchStatisticsDoNotDependOnWhichRunningOnesARankKeeps() throws {
        // Far from the test images, and from each other: as pivots they would cost digits, other ones on each rank.
        func network(on communicator: Communicator) -> TinyNetwork {
            let network = networkWithKnownStatistics(on: communicator)
            guard let running = network.normalization?.running else { return network }
            for set in 0..<running.setCount { running.mean.row(set)[0] = 3e6 * (Float(running.firstSet + set) - 2.5) }
            return network
        }
        let shared = try evaluate(network(on: world), .batch)
        let single = try evaluate(network(on: alone), .batch, on: alone)
        XCTAssertEqual(shared.loss.bitPattern, single.loss.bitPattern)
        XCTAssertEqual(shared.loss, try lossWithBatchStatistics(batch: 16), accuracy: 1e-6)
    }

    /// Of the classifier in `networkWithKnownStatistics`, whose score of class k is k/4·x̄, in Double.
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

    private func mean(ofSet set: Int) -> Float { Float(2 * set) }
    private func variance(ofSet set: Int) -> Float { Float(1 + set) }

    private func layerWithKnownStatistics(_ statistics: StatisticsGroup) -> BatchNormalization {
        let layer = BatchNormalization(
            name: "normalization", channels: 1, options: BatchNormalization.Options(statistics: statistics),
            hosting: Hosting(workers: 6, ranks: world.size, rank: world.rank), reducer: TimedCommunicator(world))
        setKnownStatistics(layer.running)
        return layer
    }

    private func networkWithKnownStatistics(on communicator: Communicator? = nil) -> TinyNetwork {
        let communicator: Communicator = communicator ?? world
        let network = TinyNetwork(
            statistics: .worker, hosting: Hosting(workers: 6, ranks: communicator.size, rank: communicator.rank),
            reducer: TimedCommunicator(communicator))
        for output in 0..<10 { network.weight.tensor.pointer[output] = Float(output) / 4 }
        network.batchNormalizations.map(\.running).forEach(setKnownStatistics)
        return network
    }

    private func setKnownStatistics(_ running: RunningStatistics) {
        for set in 0..<running.setCount {
            running.mean.row(set)[0] = mean(ofSet: running.firstSet + set)
            running.variance.row(set)[0] = variance(ofSet: running.firstSet + set)
        }
    }

    private func evaluate(
        _ network: TinyNetwork, _ choice: EvaluationStatistics, on communicator: Communicator? = nil
    ) throws -> Evaluator.Result {
        try Evaluator(dataset: dataset, batch: 16, communicator: TimedCommunicator(communicator ?? world)).evaluate(
            network, statistics: choice, workers: 6)
    }

    private func evaluate(
        _ run: Run, _ choice: EvaluationStatistics, workers: Int, batch: Int = 5
    ) throws -> Evaluator.Result {
        try Evaluator(dataset: dataset, batch: batch, communicator: run.sums).evaluate(
            run.network, statistics: choice, workers: workers)
    }
}
