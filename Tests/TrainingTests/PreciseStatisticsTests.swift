import Autograd
import Datasets
import Foundation
import MPI
import Safetensors
import TestSupport
import Workers
import XCTest

@testable import Tasks
@testable import Training

/// Statistics of a pass through batches as in training.
final class PreciseStatisticsTests: TrainingTestCase {
    func testTheyAreThoseOfPyTorch() throws {
        let golden = try Golden("precise")
        let counts = try golden.integers("counts")
        let (steps, workers) = (3, 3)
        let hosting = Hosting(workers: workers, ranks: 1, rank: 0)
        for (statistics, name) in [(StatisticsGroup.worker, "worker"), (.world, "world"), (.workers(3), "world")] {
            let network = try convolutionalNetwork(.batch(statistics), seed: 1, hosting: hosting, sums: ExactSums())
            let file = try stateDict()
            try PyTorchState(bytes: file.serialized(), path: "pytorch").restore(network)
            let precise = PreciseStatistics(biased: true, transport: RankTransport(alone))
            let found = try precise.computed(for: network, steps: steps) { step in
                let ofStep = Array(counts[step * workers..<(step + 1) * workers])
                let first = counts[..<(step * workers)].reduce(0, +)
                let indices = Array(first..<first + ofStep.reduce(0, +))
                return (Digits.all.tensor(of: Digits.all.train, indices), BatchLayout(imageCounts: ofStep))
            }
            XCTAssertEqual(found.keys.sorted(), (1...5).map { "normalization\($0)" })
            for (layer, statistics) in found {
                let mean = try golden.floats("\(name).\(layer).mean").map(Double.init)
                let variance = try golden.floats("\(name).\(layer).variance").map(Double.init)
                assertClose(statistics.mean, mean, "\(name) \(layer) mean")
                assertClose(statistics.variance, variance, "\(name) \(layer) variance")
            }
        }
    }

    private func stateDict() throws -> TensorFile {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Golden/pytorch.safetensors").path
        return try TensorFile(contentsOf: path)
    }

    /// Group means −1, 1 and 4 of two values each, which lie 1 to either side of them.
    func testTheVarianceOfTheMeansBelongsToTheVariance() throws {
        let network = TinyNetwork(statistics: .worker, hosting: Hosting(workers: 3))
        func statistics(biased: Bool) throws -> ChannelStatistics? {
            try PreciseStatistics(biased: biased, transport: RankTransport(alone)).computed(for: network, steps: 1) {
                _ in
                (Tensor([-2, 0, 0, 2, 3, 5], shape: [6, 1, 1, 1]), BatchLayout(imageCounts: [2, 2, 2]))
            }["normalization"]
        }
        let (mean, square) = (4.0 / 3, (1.0 + 1 + 16) / 3)
        let biased = try XCTUnwrap(statistics(biased: true))
        XCTAssertEqual(biased.mean[0], mean, accuracy: 1e-15)
        XCTAssertEqual(biased.variance[0], 1 + square - mean * mean, accuracy: 1e-14)
        let unbiased = try XCTUnwrap(statistics(biased: false))
        XCTAssertEqual(unbiased.variance[0], (1 + square - mean * mean) * 6 / 5, accuracy: 1e-14)
    }

    /// Layers see what the batches' own statistics make of the layers before them.
    func testEveryLayerIsGivenWhatItIsGivenInTraining() throws {
        for norm in [NormChoice.batch(.worker), .batch(.world), .batch(.ghost(3)), .batch(.workers(5))] {
            let run = try run(norm, images: 1000, on: alone)
            _ = try run.train(steps: 0..<5)
            let found = try run.task.evaluationStatistics(of: run.task.player)
            var inputs: [String: [[Float]]] = [:]
            for step in 0..<run.task.stepsPerEpoch {
                let probe = Inputs()
                let batch = run.task.batch(step: step, update: 0, of: run.task.player)
                let tape = Tape(layout: batch.layout, isRecording: false, probe: probe)
                _ = try run.network(batch.images, ForwardContext(tape, mode: .trainingWithoutUpdate))
                for (layer, input) in probe.norms { inputs[layer, default: []].append(input.array) }
            }
            XCTAssertEqual(found.count, 5)
            for (layer, statistics) in found {
                let values = try XCTUnwrap(inputs[layer]).flatMap { $0 }
                let channels = statistics.mean.count
                for channel in 0..<channels {
                    let own = stride(from: channel, to: values.count, by: channels).map { Double(values[$0]) }
                    let mean = own.reduce(0, +) / Double(own.count)
                    let squares = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
                    let variance = squares / Double(own.count - 1)
                    XCTAssertEqual(statistics.mean[channel], mean, accuracy: 1e-9 * variance.squareRoot(), layer)
                    XCTAssertEqual(statistics.variance[channel], variance, accuracy: 1e-9 * variance, layer)
                }
            }
        }
    }

    private final class Inputs: Probe {
        var norms: [(layer: String, input: Tensor)] = []
        func see(_ pass: LayerPass) {
            if pass.work == .normalization { norms.append((pass.layer, pass.input)) }
        }
    }

    func testTheBitsDoNotDependOnTheRanks() throws {
        for norm in [NormChoice.batch(.worker), .batch(.world), .batch(.ghost(3)), NormChoice(name: "brn")] {
            for images in [1, 41, 1000] {
                let found = try [world!, alone!].map { communicator in
                    let run = try run(norm, images: images, on: communicator)
                    _ = try run.train(steps: 0..<5)
                    return try run.task.evaluationStatistics(of: run.task.player)
                }
                XCTAssertEqual(found[0], found[1], "\(norm), \(images) images")
            }
        }
    }

    /// 47 images among ten workers in batches of 4 are two steps of 40 and 7 images.
    func testAsManyWholeStepsAreTakenAsHaveTheImages() throws {
        let few = try [1, 40].map { try statistics(images: $0) }
        XCTAssertEqual(few[0], few[1])
        let all = try [41, 47, 1000].map { try statistics(images: $0) }
        XCTAssertEqual(all[0], all[1])
        XCTAssertEqual(all[1], all[2])
        XCTAssertNotEqual(few[0], all[0])
    }

    private func statistics(images: Int) throws -> [String: ChannelStatistics] {
        let run = try run(.batch(.worker), images: images, on: world)
        return try run.task.evaluationStatistics(of: run.task.player)
    }

    func testRunningStatisticsStayAsTheyAre() throws {
        let run = try run(.batch(.worker), images: 1000, on: world)
        _ = try run.train(steps: 0..<2)
        let before = try run.state().digest
        _ = try run.task.evaluationStatistics(of: run.task.player)
        XCTAssertEqual(try run.state().digest, before)
    }

    private func run(_ norm: NormChoice, images: Int, on communicator: Communicator) throws -> Run {
        var setting = Setting(normalization: norm, images: 47)
        setting.evaluation.statistics = .precise
        setting.evaluation.preciseImages = images
        return try setting.run(on: communicator)
    }
}
