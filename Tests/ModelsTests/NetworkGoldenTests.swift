import Autograd
import OneDNN
import TestSupport
import Workers
import XCTest

/// The whole network, forward and backward, against PyTorch.
final class NetworkGoldenTests: XCTestCase {
    func testEveryNormalisationAtEightPixels() throws {
        for (name, norm) in goldenNorms { try check("8x8", name, norm) }
    }

    func testBatchNormalisationAtTwentyEightPixels() throws {
        try check("28x28", "bn", "syncbn")
    }

    private func check(_ size: String, _ name: String, _ norm: String) throws {
        for convolution in ConvolutionChoice.allCases { try check(size, name, norm, convolution) }
    }

    private func check(
        _ size: String, _ name: String, _ norm: String, _ convolution: ConvolutionChoice
    ) throws {
        let golden = try golden.get()
        let images = try golden.tensor("\(size).images")
        let labels = try golden.integers("\(size).labels")
        let network = try goldenNetwork(ModelsTests.norm(norm), convolution: convolution)
        let tape = Tape(layout: BatchLayout(images: images.shape[0]))
        let logits = try network(images, ForwardContext(tape))
        assertClose(logits.array, try golden.floats("\(size).\(name).logits"), "\(size).\(name).logits")
        let entropy = try tape.crossEntropy(logits, labels: labels)
        let loss = try golden.doubles("\(size).\(name).loss")
        assertClose(entropy.loss.array.map(Double.init), loss, "\(size).\(name).loss")
        assertClose([entropy.workerLossSums[0] / Double(labels.count)], loss, "\(size).\(name).loss")

        let receiver = SharesReceiver(parameters: network.parameters.map(\.tensor))
        try tape.backward(from: entropy.loss, into: receiver)
        for parameter in network.parameters {
            try checkGradient(
                receiver.sum(of: parameter.tensor), "\(size).\(name).gradient.\(parameter.name)", golden)
        }
        XCTAssertEqual(network.runningStatistics.count, name == "bn" ? 10 : 0)
        for (statistic, tensor) in network.runningStatistics {
            let key = "\(size).\(name).\(statistic)"
            assertClose(tensor.array, try golden.floats(key), tolerance: 1e-6, key)
        }
        guard name == "bn" else { return }
        let evaluation = Tape(layout: BatchLayout(images: images.shape[0]), isRecording: false)
        assertClose(
            try network(images, ForwardContext(evaluation, mode: .evaluation)).array,
            try golden.floats("\(size).bn.evaluationLogits"), "\(size).bn.evaluationLogits")
    }

    private func checkGradient(_ gradient: [Float], _ key: String, _ golden: Golden) throws {
        guard golden.contains("\(key).sampled") else {
            return assertClose(gradient, try golden.floats(key), key)
        }
        let sampled = stride(from: 0, to: gradient.count, by: 16).map { gradient[$0] }
        assertClose(sampled, try golden.floats("\(key).sampled"), key)
        let sumOfSquares = try golden.doubles("\(key).sumOfSquares")
        assertClose([gradient.reduce(0.0) { $0 + Double($1) * Double($1) }], sumOfSquares, key)
        assertClose(
            [gradient.reduce(0.0) { $0 + Double($1) }], try golden.doubles("\(key).sum"),
            scale: (Double(gradient.count) * sumOfSquares[0]).squareRoot(), key)
    }
}
