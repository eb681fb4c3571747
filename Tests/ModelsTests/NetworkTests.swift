import Autograd
import Models
import Normalization
import TestSupport
import XCTest

final class NetworkTests: XCTestCase {
    func testEveryNormalisationBeginsWithTheSameWeights() {
        let networks = goldenChoices.map { network($0.choice, seed: 7) }
        let plain = networks[4].parameters
        XCTAssertEqual(plain.map(\.name), (1...5).map { "convolution\($0).weight" } + ["dense.weight", "dense.bias"])
        for (choice, other) in zip(goldenChoices, networks) {
            for parameter in plain {
                let same = other.parameters.first { $0.name == parameter.name }
                assertSameBits(same?.tensor.array ?? [], parameter.tensor.array, "\(choice.name): \(parameter.name)")
            }
        }
        XCTAssertNotEqual(
            network(.none, seed: 8).parameters[0].tensor.array, networks[4].parameters[0].tensor.array)
    }

    /// Four standard errors of an estimate from n values: 4σ/√n for the mean, 4σ/√(2n) for the deviation.
    func testInitialWeightsHaveTheDeviationOfHe() {
        let inputs = [
            "convolution1.weight": 27, "convolution2.weight": 288, "convolution3.weight": 288,
            "convolution4.weight": 576, "convolution5.weight": 576, "dense.weight": 128,
        ]
        let network = network(.none, seed: 3)
        for (name, fanIn) in inputs {
            let values = network.parameters.first { $0.name == name }!.tensor.array.map(Double.init)
            let count = Double(values.count)
            let expected = (2 / Double(fanIn)).squareRoot()
            let mean = values.reduce(0, +) / count
            let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
            XCTAssertEqual(mean, 0, accuracy: 4 * expected / count.squareRoot(), name)
            XCTAssertEqual(deviation, expected, accuracy: 4 * expected / (2 * count).squareRoot(), name)
        }
        let bias = network.parameters.first { $0.name == "dense.bias" }!.tensor.array
        XCTAssertEqual(bias, [Float](repeating: 0, count: 10))
    }

    func testEveryInputSizeGivesAScoreAClass() throws {
        for (extent, channels) in [(4, 3), (8, 1), (28, 1), (32, 3), (7, 3)] {
            let network = ConvolutionalNetwork(
                inputChannels: channels, classes: 7, normalization: goldenChoices[1].choice, seed: 1)
            let tape = Tape(layout: BatchLayout(images: 2), isRecording: false)
            let images = randomTensor([2, extent, extent, channels], 1)
            let scores = try network.logits(images, mode: .training, on: tape)
            XCTAssertEqual(scores.shape, [2, 7])
            XCTAssertTrue(scores.array.allSatisfy(\.isFinite))
        }
    }

    func testEveryLayerIsShownInOrder() throws {
        var names: [String] = []
        let tape = Tape(layout: BatchLayout(images: 1), isRecording: false)
        _ = try network(goldenChoices[0].choice, seed: 1).logits(
            randomTensor([1, 8, 8, 3], 1), mode: .training, on: tape
        ) { name, _ in names.append(name) }
        XCTAssertEqual(names, (1...5).flatMap { ["convolution\($0)", "normalization\($0)"] } + ["dense"])
    }

    func testStepsAfterTheFirstAllocateNothing() throws {
        try XCTSkipUnless(BufferPool.reusesMemory, "under a sanitizer each buffer comes from the heap")
        for (name, choice) in goldenChoices {
            let network = network(choice, seed: 1)
            let images = randomTensor([6, 28, 28, 3], 1)
            let receiver = SharesReceiver(parameters: network.parameters.map(\.tensor))
            func step() throws {
                let tape = Tape(layout: BatchLayout(images: 6))
                let logits = try network.logits(images, mode: .training, on: tape)
                let loss = try tape.crossEntropy(logits, labels: [0, 1, 2, 3, 4, 5]).loss
                try tape.backward(from: loss, into: receiver)
            }
            let before = BufferPool.allocationCount
            try step()
            let first = BufferPool.allocationCount
            for _ in 0..<3 { try step() }
            XCTAssertEqual(BufferPool.allocationCount, first, name)
            if name == goldenChoices[0].name { XCTAssertGreaterThan(first, before) }
        }
    }

    private func network(_ choice: NormalizationChoice, seed: UInt64) -> ConvolutionalNetwork {
        ConvolutionalNetwork(inputChannels: 3, classes: 10, normalization: choice, seed: seed)
    }
}
