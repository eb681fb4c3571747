import Autograd
import Kernels
import Normalization
import TestSupport
import Workers
import XCTest

/// Root-mean-square norm.
final class RMSNormalizationTests: XCTestCase {
    func testOutputsAndGradientsAreThoseOfPyTorch() throws {
        let golden = try Golden("rms")
        let cases = golden.names.filter { $0.hasSuffix(".output") }.map { String($0.dropLast(".output".count)) }
        XCTAssertEqual(cases.count, 4)
        for name in cases {
            let x = try golden.tensor("\(name).input", needsGradient: true)
            let layer = RMSNormalization(
                name: "norm", channels: x.shape[3], epsilon: try golden.doubles("epsilon")[0])
            let gamma = try XCTUnwrap(layer.affine.gamma)
            _ = gamma.values.update(from: try golden.floats("\(name).gamma"))
            let tape = Tape(layout: BatchLayout(images: x.shape[0]))
            let output = try layer(x, ForwardContext(tape))
            assertClose(output.array, try golden.floats("\(name).output"), tolerance: 1e-6, name)
            let gradients = try tape.gradients(
                of: output, upstream: golden.tensor("\(name).outputGradient"), for: [x, gamma])
            assertClose(gradients[0].array, try golden.floats("\(name).inputGradient"), "\(name): input gradient")
            assertClose(gradients[1].array, try golden.floats("\(name).gammaGradient"), "\(name): gradient of γ")
        }
    }

    func testItHasAScaleAndNoShift() throws {
        let layer = RMSNormalization(name: "norm", channels: 3)
        XCTAssertEqual(layer.parameters.map(\.name), ["norm.gamma"])
        XCTAssertEqual(RMSNormalization(name: "norm", channels: 3, affine: false).parameters.count, 0)
        XCTAssertTrue(layer.state.isEmpty)
    }

    /// With ε = 0 and a power of two.
    func testScalingAnImageLeavesItsOutputAlone() throws {
        let layer = RMSNormalization(name: "norm", channels: 8, epsilon: 0)
        let x = randomTensor([2, 3, 3, 8], 1, mean: 2)
        let plain = try layer(x, ForwardContext(Tape(layout: BatchLayout(images: 2)))).array
        let scaled = Tensor(x.array.map { 8 * $0 }, shape: x.shape)
        assertSameBits(try layer(scaled, ForwardContext(Tape(layout: BatchLayout(images: 2)))).array, plain, "scaled")
    }
}
