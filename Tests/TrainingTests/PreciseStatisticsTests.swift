import Autograd
import Datasets
import MPI
import Models
import Normalization
import XCTest

@testable import Training

final class PreciseStatisticsTests: TrainingTestCase {
    private let dataset = Digits.first(41)
    private let images = 37

    /// The first batch norm of the tiny network sees the images themselves.
    func testThoseOfTheFirstLayerAreThoseOfItsInputs() throws {
        let network = TinyNetwork(
            statistics: .worker, hosting: Hosting(workers: 6, ranks: world.size, rank: world.rank),
            reducer: TimedCommunicator(world))
        try recompute(network, on: world)
        let (mean, variance) = twoPass(dataset.tensor(of: dataset.train, 0..<images).array)
        let precise = try XCTUnwrap(network.normalization?.evaluationStatistics)
        XCTAssertEqual(precise.variance[0], variance, accuracy: 1e-6 * variance)
        XCTAssertEqual(precise.mean[0], mean, accuracy: 1e-6 * variance.squareRoot())
    }

    func testTheBitsDoNotDependOnTheRanks() throws {
        let expected = try statistics(on: alone)
        for ranks in 1...world.size {
            let part = try world.split(color: world.rank < ranks ? 0 : 1, key: world.rank)
            guard world.rank < ranks else { continue }
            XCTAssertEqual(try statistics(on: part), expected, "\(ranks) ranks")
        }
    }

    /// Each layer's statistics are those of what reaches it when all layers before it use theirs, computed here from
    /// one forward pass over all images.
    func testLaterLayersSeeThePreciseStatisticsOfEarlierOnes() throws {
        let run = Setting(normalization: .batch(.worker)).run(on: alone)
        _ = try run.train(steps: 0..<4)
        try recompute(run.network, on: alone)
        var inputs: [[Float]] = []
        for layer in run.network.batchNormalizations { layer.evaluationObserver = { inputs.append($0.array) } }
        let tape = Tape(layout: BatchLayout(images: images), isRecording: false)
        let pixels = dataset.tensor(of: dataset.train, 0..<images)
        _ = try run.network.logits(pixels, mode: .evaluation, on: tape, inspect: nil)
        XCTAssertEqual(inputs.count, 5)
        for (layer, input) in zip(run.network.batchNormalizations, inputs) {
            let precise = try XCTUnwrap(layer.evaluationStatistics)
            for channel in 0..<layer.channels {
                let values = stride(from: channel, to: input.count, by: layer.channels).map { input[$0] }
                let (mean, variance) = twoPass(values)
                XCTAssertEqual(precise.variance[channel], variance, accuracy: 1e-5 * variance, layer.name)
                XCTAssertEqual(precise.mean[channel], mean, accuracy: 1e-5 * variance.squareRoot(), layer.name)
            }
        }
    }

    /// Of the values, with N − 1.
    private func twoPass(_ values: [Float]) -> (mean: Double, variance: Double) {
        let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
        let squares = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        return (mean, squares / Double(values.count - 1))
    }

    private func statistics(on communicator: Communicator) throws -> [ChannelStatistics] {
        let run = Setting(normalization: .batch(.worker)).run(on: communicator)
        _ = try run.train(steps: 0..<3)
        try recompute(run.network, on: communicator)
        return run.network.batchNormalizations.compactMap(\.evaluationStatistics)
    }

    private func recompute(_ network: any Network, on communicator: Communicator) throws {
        try PreciseStatistics(
            dataset: dataset, images: images, batch: 5, communicator: TimedCommunicator(communicator)
        ).recompute(for: network)
    }
}
