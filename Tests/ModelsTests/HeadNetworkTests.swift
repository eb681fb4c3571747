import Autograd
import Models
import TestSupport
import Workers
import XCTest

/// The network with a norm behind its dense layer alone.
final class HeadNetworkTests: XCTestCase {
    func testScoresGradientsAndStatisticsAreThoseOfPyTorch() throws {
        try checkAgainstGolden("head", inputChannels: 1) { golden, name in try golden.floats("gradient.\(name)") }
    }

    func testItsOnlyNormIsBehindTheDenseLayer() throws {
        let network = try network("head", NetworkSettings(inputChannels: 1, classes: 10, norm: norm("gn"), seed: 1))
        XCTAssertEqual(
            network.parameters.map(\.name),
            [
                "convolution1.weight", "convolution1.bias", "convolution2.weight", "convolution2.bias", "dense1.weight",
                "normalization1.gamma", "normalization1.beta", "dense.weight", "dense.bias",
            ])
    }

    /// A norm without a shift, and none at all, leave it to the dense layer.
    func testWithoutAShiftTheDenseLayerHasABias() throws {
        let network = try network("head", NetworkSettings(inputChannels: 1, classes: 10, norm: norm("none"), seed: 1))
        XCTAssertTrue(network.parameters.map(\.name).contains("dense1.bias"))
    }
}

/// A network of the catalogue.
func network(_ name: String, _ settings: NetworkSettings) throws -> any Layer {
    try Networks.catalogue.make(name, of: settings, for: "model.name")
}

/// One training step's forward and backward pass of a network with synchronised batch norm, against PyTorch's.
///
/// - Parameter gradient: what a parameter's gradient must be; nil where only its sum of squares is kept.
func checkAgainstGolden(
    _ name: String, inputChannels: Int, gradient expected: (Golden, String) throws -> [Float]?
) throws {
    let golden = try Golden(name)
    let network = try network(
        name, NetworkSettings(inputChannels: inputChannels, classes: 10, norm: norm("syncbn"), seed: 1))
    for parameter in network.parameters {
        _ = parameter.tensor.values.update(from: try golden.floats(parameter.name))
    }
    let images = try golden.tensor("images")
    let tape = Tape(layout: BatchLayout(images: images.shape[0]))
    let scores = try network(images, ForwardContext(tape))
    assertClose(scores.array, try golden.floats("logits"), "\(name): scores")
    let entropy = try tape.crossEntropy(scores, labels: golden.integers("labels"))
    assertClose(entropy.loss.array.map(Double.init), try golden.doubles("loss"), "\(name): loss")
    let receiver = SharesReceiver(parameters: network.parameters.map(\.tensor))
    try tape.backward(from: entropy.loss, into: receiver)
    for parameter in network.parameters {
        let gradient = receiver.sum(of: parameter.tensor)
        if let values = try expected(golden, parameter.name) {
            assertClose(gradient, values, "\(name): gradient of \(parameter.name)")
        } else {
            assertClose(
                [gradient.reduce(0.0) { $0 + Double($1) * Double($1) }],
                try golden.doubles("gradient.\(parameter.name).sumOfSquares"), "\(name): gradient of \(parameter.name)")
        }
    }
    for (state, tensor) in network.runningStatistics where golden.contains("after.\(state)") {
        assertClose(tensor.array, try golden.floats("after.\(state)"), tolerance: 1e-6, "\(name): \(state)")
    }
}
