import Kernels
import TestSupport
import XCTest

/// The plain kernels in Double against finite differences.
final class ReferenceGradientTests: XCTestCase {
    private let epsilon = 1e-3
    private let gamma = 1.3
    private let beta = 0.2
    private let step = 1e-5

    func testBackwardPassAgreesWithFiniteDifferencesOfTheForwardPass() {
        for activation in activations {
            for count in [2, 3, 17] {
                let x = randomFloats(count, 5, mean: 4, deviation: 2).map(Double.init)
                let upstream = randomFloats(count, 6).map(Double.init)
                var gradient = [Double](repeating: .nan, count: count)
                let parameters = normalizationBackwardReference(
                    of: upstream, at: x, count: count, gamma: gamma, beta: beta, epsilon: epsilon,
                    activation: activation, into: &gradient)
                let differences = x.indices.map { index in
                    difference { change in
                        var moved = x
                        moved[index] += change
                        return loss(moved, upstream, gamma, beta, activation)
                    }
                }
                let what = "\(count) values, \(activation)"
                assertClose(gradient, differences, tolerance: 1e-6, what)
                assertClose(
                    [parameters.gamma, parameters.beta],
                    [
                        difference { loss(x, upstream, gamma + $0, beta, activation) },
                        difference { loss(x, upstream, gamma, beta + $0, activation) },
                    ], tolerance: 1e-6, what)
            }
        }
    }

    func testDerivativeOfAnActivationIsItsSlope() {
        for activation in activations {
            for x in [-2.5, -0.1, 0.1, 3] {
                let slope = difference { activation.reference(x + $0) }
                XCTAssertEqual(activation.referenceDerivative(at: x), slope, accuracy: 1e-9)
                XCTAssertEqual(Double(activation.derivative(at: Float(x))), slope, accuracy: 1e-7)
                XCTAssertEqual(Double(activation(Float(x))), activation.reference(x), accuracy: 1e-6)
            }
        }
        XCTAssertEqual(activations.map { $0.derivative(at: 0) }, [1, 0, 0.2])
    }

    func testChannelMeansAndTheirGradientAreAdjoint() {
        for channels in channelCounts {
            for pixels in pixelCounts {
                let x = randomFloats(pixels * channels, 1)
                let upstream = randomFloats(channels, 2)
                let means = Fenced([Float](repeating: .nan, count: channels), fence: 7)
                channelMeans(of: x, pixels: pixels, channels: channels, into: means.pointer)
                let expected = (0..<channels).map { channel in
                    (0..<pixels).reduce(0.0) { $0 + Double(x[$1 * channels + channel]) } / Double(pixels)
                }
                assertClose(means.values.map(Double.init), expected, tolerance: 1e-6, "\(pixels) × \(channels)")
                let spread = Fenced([Float](repeating: .nan, count: pixels * channels), fence: 7)
                spreadChannels(
                    of: upstream, factor: 0.25, pixels: pixels, channels: channels, into: spread.pointer)
                XCTAssertEqual(spread.values, (0..<pixels * channels).map { upstream[$0 % channels] * 0.25 })
                XCTAssertTrue(means.fenceStands && spread.fenceStands)
            }
        }
    }

    private func loss(
        _ x: [Double], _ upstream: [Double], _ gamma: Double, _ beta: Double, _ activation: Activation
    ) -> Double {
        var y = [Double](repeating: .nan, count: x.count)
        normalizationForwardReference(
            x, count: x.count, gamma: gamma, beta: beta, epsilon: epsilon, activation: activation, into: &y)
        return zip(y, upstream).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// The central difference quotient at 0.
    private func difference(_ function: (Double) -> Double) -> Double {
        (function(step) - function(-step)) / (2 * step)
    }
}
