import Autograd
import Catalogues
import Models
import Normalization
import TestSupport
import Workers
import XCTest

/// Networks without their last layer, and what may stand in its place.
final class EncoderTests: XCTestCase {
    private func settings() throws -> NetworkSettings {
        let norm = try XCTUnwrap(Norm.catalogue.named("gn")).make(NormSettings())
        return NetworkSettings(inputChannels: 1, classes: 7, norm: norm, seed: 3)
    }

    func testAClassifierIsItsEncoderAndADenseLayer() throws {
        let images = randomTensor([2, 12, 12, 1], 1)
        for (encoder, network) in zip(Networks.encoders, Networks.catalogue) {
            let (made, classifier) = (try encoder.make(settings()), try network.make(settings()))
            XCTAssertEqual(encoder.name, network.name)
            XCTAssertEqual(
                made.network.parameters.map(\.name) + ["dense.weight", "dense.bias"],
                classifier.parameters.map(\.name))
            let tape = Tape(layout: BatchLayout(images: 2), isRecording: false)
            let features = try made.network(images, ForwardContext(tape))
            XCTAssertEqual(features.shape, [2, made.features])
            let dense = Array(classifier.parameters.suffix(2))
            let expected = tape.addBias(try tape.dense(features, dense[0].tensor), dense[1].tensor)
            assertSameBits(try classifier(images, ForwardContext(tape)).array, expected.array, encoder.name)
        }
    }

    /// W₂·ReLU(W₁h + b₁) + b₂ in Double.
    func testAProjectionHeadIsItsFormula() throws {
        let head = ProjectionHead(inputs: 6, width: 3, seed: 9)
        let parameters = Dictionary(uniqueKeysWithValues: head.parameters.map { ($0.name, $0.tensor) })
        XCTAssertEqual(
            parameters.mapValues(\.shape),
            [
                "projection1.weight": [6, 6], "projection1.bias": [6], "projection2.weight": [3, 6],
                "projection2.bias": [3],
            ])
        for (index, bias) in ["projection1.bias", "projection2.bias"].enumerated() {
            let values = randomFloats(parameters[bias]?.count ?? 0, UInt64(index))
            _ = parameters[bias]?.values.update(from: values)
        }
        func dense(_ x: [Double], _ layer: String) throws -> [Double] {
            let (weight, bias) = (
                try XCTUnwrap(parameters["\(layer).weight"]), try XCTUnwrap(parameters["\(layer).bias"])
            )
            return bias.array.enumerated().map { output, bias in
                x.indices.reduce(Double(bias)) { $0 + x[$1] * Double(weight.row(output)[$1]) }
            }
        }
        let features = randomTensor([4, 6], 5)
        let tape = Tape(layout: BatchLayout(imageCounts: [1, 3]), isRecording: false)
        let expected = try (0..<4).flatMap { image in
            let x = (0..<6).map { Double(features.row(image)[$0]) }
            return try dense(dense(x, "projection1").map { max(0, $0) }, "projection2")
        }
        assertClose(try head(features, ForwardContext(tape)).array.map(Double.init), expected, "embeddings")
    }
}
