import Autograd
import Models
import OneDNN
import TestSupport
import Workers
import XCTest

final class NetworkTests: XCTestCase {
    func testEveryNormalisationBeginsWithTheSameWeights() throws {
        let networks = try goldenNorms.map { try network($0.norm, seed: 7) }
        let plain = try network("none", seed: 7).parameters
        XCTAssertEqual(
            plain.map(\.name),
            (1...5).flatMap { ["convolution\($0).weight", "convolution\($0).bias"] } + ["dense.weight", "dense.bias"])
        for (norm, other) in zip(goldenNorms, networks) {
            for parameter in plain where parameter.role == .weight || parameter.layer == "dense" {
                let same = other.parameters.first { $0.name == parameter.name }
                assertSameBits(same?.tensor.array ?? [], parameter.tensor.array, "\(norm.name): \(parameter.name)")
            }
        }
        XCTAssertNotEqual(
            try network("none", seed: 8).parameters[0].tensor.array, plain[0].tensor.array)
    }

    /// Four standard errors of an estimate from n values: 4σ/√n for the mean, 4σ/√(2n) for the deviation.
    func testInitialWeightsHaveTheDeviationOfHe() throws {
        let inputs = [
            "convolution1.weight": 27, "convolution2.weight": 288, "convolution3.weight": 288,
            "convolution4.weight": 576, "convolution5.weight": 576, "dense.weight": 128,
        ]
        let network = try network("none", seed: 3)
        for (name, fanIn) in inputs {
            let values = network.parameters.first { $0.name == name }!.tensor.array.map(Double.init)
            let count = Double(values.count)
            let expected = (2 / Double(fanIn)).squareRoot()
            let mean = values.reduce(0, +) / count
            let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
            XCTAssertEqual(mean, 0, accuracy: 4 * expected / count.squareRoot(), name)
            XCTAssertEqual(deviation, expected, accuracy: 4 * expected / (2 * count).squareRoot(), name)
        }
        for bias in network.parameters where bias.role == .bias {
            XCTAssertTrue(bias.tensor.values.allSatisfy { $0 == 0 }, bias.name)
        }
    }

    func testEveryInputSizeGivesAScoreAClass() throws {
        for (extent, channels) in [(4, 3), (8, 1), (28, 1), (32, 3), (7, 3)] {
            let network = try cnn(NetworkSettings(inputChannels: channels, classes: 7, norm: norm("gn"), seed: 1))
            let tape = Tape(layout: BatchLayout(images: 2), isRecording: false)
            let images = randomTensor([2, extent, extent, channels], 1)
            let scores = try network(images, ForwardContext(tape))
            XCTAssertEqual(scores.shape, [2, 7])
            XCTAssertTrue(scores.array.allSatisfy(\.isFinite))
        }
    }

    func testEveryLayerIsShownInOrder() throws {
        final class Witness: Probe {
            var passes: [LayerPass] = []
            func see(_ pass: LayerPass) { passes.append(pass) }
        }
        for (norm, second) in [("syncbn", "normalization"), ("none", "activation")] {
            let witness = Witness()
            let tape = Tape(layout: BatchLayout(images: 1), isRecording: false, probe: witness)
            let network = try network(norm, seed: 1)
            let scores = try network(randomTensor([1, 8, 8, 3], 1), ForwardContext(tape))
            XCTAssertEqual(
                witness.passes.map(\.layer),
                [
                    "convolution1", "\(second)1", "convolution2", "\(second)2", "pooling2", "convolution3",
                    "\(second)3",
                    "convolution4", "\(second)4", "pooling4", "convolution5", "\(second)5", "mean pooling", "dense",
                ])
            // Each sees what the one before it made.
            for (before, after) in zip(witness.passes, witness.passes.dropFirst()) {
                XCTAssertTrue(before.output === after.input, after.layer)
            }
            XCTAssertTrue(witness.passes.last?.output === scores)
        }
    }

    func testEveryLayerTellsWhatItComputes() throws {
        final class Witness: Probe {
            var works: [LayerWork] = []
            func see(_ pass: LayerPass) { works.append(pass.work) }
        }
        let witness = Witness()
        let tape = Tape(layout: BatchLayout(images: 2), isRecording: false, probe: witness)
        let network = try network("gn", seed: 1)
        _ = try network(randomTensor([2, 8, 12, 3], 1), ForwardContext(tape))
        func convolution(_ height: Int, _ width: Int, _ inputs: Int, _ outputs: Int) -> [LayerWork] {
            let shape = ConvolutionShape(
                images: 2, height: height, width: width, inputChannels: inputs, outputChannels: outputs, kernel: 3,
                padding: 1)
            return [.convolution(shape), .normalization]
        }
        let pooling = [(8, 12, 32), (4, 6, 64)].map {
            [LayerWork.pooling(PoolingShape(images: 2, height: $0, width: $1, channels: $2))]
        }
        XCTAssertEqual(
            witness.works,
            convolution(8, 12, 3, 32) + convolution(8, 12, 32, 32) + pooling[0] + convolution(4, 6, 32, 64)
                + convolution(4, 6, 64, 64) + pooling[1] + convolution(2, 3, 64, 128)
                + [.other, .dense(inputs: 128, outputs: 10)])
    }

    func testStepsAfterTheFirstAllocateNothing() throws {
        try XCTSkipUnless(BufferPool.reusesMemory, "under a sanitizer each buffer comes from the heap")
        for (name, norm) in goldenNorms {
            let network = try network(norm, seed: 1)
            let images = randomTensor([6, 28, 28, 3], 1)
            let receiver = SharesReceiver(parameters: network.parameters.map(\.tensor))
            func step() throws {
                let tape = Tape(layout: BatchLayout(images: 6))
                let logits = try network(images, ForwardContext(tape))
                let loss = try tape.crossEntropy(logits, labels: [0, 1, 2, 3, 4, 5]).loss
                try tape.backward(from: loss, into: receiver)
            }
            let before = BufferPool.allocationCount
            try step()
            let first = BufferPool.allocationCount
            for _ in 0..<3 { try step() }
            XCTAssertEqual(BufferPool.allocationCount, first, name)
            if name == goldenNorms[0].name { XCTAssertGreaterThan(first, before) }
        }
    }

    private func network(_ name: String, seed: UInt64) throws -> any Layer {
        try cnn(NetworkSettings(inputChannels: 3, classes: 10, norm: norm(name), seed: seed))
    }
}
