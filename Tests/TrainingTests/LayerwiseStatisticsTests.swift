import Autograd
import Datasets
import MPI
import Workers
import XCTest

@testable import Tasks
@testable import Training

final class LayerwiseStatisticsTests: TrainingTestCase {
    private let dataset = Digits.first(41)
    private let images = 37

    /// The first batch norm of the tiny network sees the images themselves.
    func testThoseOfTheFirstLayerAreThoseOfItsInputs() throws {
        let network = TinyNetwork(
            statistics: .worker, hosting: Hosting(workers: 6, ranks: world.size, rank: world.rank))
        let (mean, variance) = twoPass(dataset.tensor(of: dataset.train, 0..<images).array)
        let precise = try XCTUnwrap(statistics(of: network, on: world)["normalization"])
        XCTAssertEqual(precise.variance[0], variance, accuracy: 1e-6 * variance)
        XCTAssertEqual(precise.mean[0], mean, accuracy: 1e-6 * variance.squareRoot())
        let biased = try XCTUnwrap(statistics(of: network, on: world, biased: true)["normalization"])
        let count = Double(images * dataset.train.valuesPerImage)
        XCTAssertEqual(biased.variance[0], precise.variance[0] * (count - 1) / count, accuracy: 1e-12 * variance)
        XCTAssertEqual(biased.mean, precise.mean)
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
    func testLaterLayersSeeTheStatisticsOfEarlierOnes() throws {
        final class Inputs: Probe {
            var norms: [(layer: String, input: Tensor)] = []
            func see(_ pass: LayerPass) {
                if pass.work == .normalization { norms.append((pass.layer, pass.input)) }
            }
        }
        let run = try Setting(normalization: .batch(.worker)).run(on: alone)
        _ = try run.train(steps: 0..<4)
        let statistics = try statistics(of: run.network, on: alone)
        let inputs = Inputs()
        let tape = Tape(layout: BatchLayout(images: images), isRecording: false, probe: inputs)
        let pixels = dataset.tensor(of: dataset.train, 0..<images)
        _ = try run.network(pixels, ForwardContext(tape, mode: .evaluation, statistics: statistics))
        XCTAssertEqual(inputs.norms.map(\.layer), (1...5).map { "normalization\($0)" })
        for (layer, input) in inputs.norms {
            let precise = try XCTUnwrap(statistics[layer])
            let channels = input.shape[3]
            for channel in 0..<channels {
                let values = stride(from: channel, to: input.count, by: channels).map { input.pointer[$0] }
                let (mean, variance) = twoPass(values)
                XCTAssertEqual(precise.variance[channel], variance, accuracy: 1e-5 * variance, layer)
                XCTAssertEqual(precise.mean[channel], mean, accuracy: 1e-5 * variance.squareRoot(), layer)
            }
        }
    }

    /// Of the values, with N − 1.
    private func twoPass(_ values: [Float]) -> (mean: Double, variance: Double) {
        let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
        let squares = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        return (mean, squares / Double(values.count - 1))
    }

    private func statistics(on communicator: Communicator) throws -> [String: ChannelStatistics] {
        let run = try Setting(normalization: .batch(.worker)).run(on: communicator)
        _ = try run.train(steps: 0..<3)
        let statistics = try statistics(of: run.network, on: communicator)
        XCTAssertEqual(statistics.count, 5)
        return statistics
    }

    private func statistics(
        of network: any Layer, on communicator: Communicator, biased: Bool = false
    ) throws -> [String: ChannelStatistics] {
        try LayerwiseStatistics(images: images, batch: 5, biased: biased, transport: RankTransport(communicator))
            .computed(for: network, instead: [:]) { dataset.tensor(of: dataset.train, $0) }
    }
}
