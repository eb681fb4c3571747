import Kernels
import TestSupport
import XCTest

final class NormalizationBackwardTests: XCTestCase {
    func testVectorSumsEqualThoseTakenOneValueAfterAnother() {
        for item in KernelCase.all {
            let sum = Fenced([Double](repeating: 1, count: item.channels), fence: 7)
            let products = Fenced([Double](repeating: -2, count: item.channels), fence: 7)
            item.withCoefficients {
                addGradientMoments(
                    of: item.gradient, at: item.x, pixels: item.pixels, channels: item.channels, coefficients: $0,
                    activation: item.activation, gradientSum: sum.pointer, gradientProductSum: products.pointer)
            }
            var expectedSum = [Double](repeating: 1, count: item.channels)
            var expectedProducts = [Double](repeating: -2, count: item.channels)
            for index in item.x.indices {
                let channel = index % item.channels
                expectedSum[channel] += item.masked(index)
                expectedProducts[channel] += item.masked(index) * Double(item.x[index] - item.center[channel])
            }
            let scale = Double(item.pixels) + 2
            assertClose(sum.values, expectedSum, tolerance: 1e-7, scale: scale, item.description)
            assertClose(products.values, expectedProducts, tolerance: 1e-7, scale: scale, item.description)
            XCTAssertTrue(sum.fenceStands && products.fenceStands, item.description)
        }
    }

    func testInputGradientIsLinearInTheMaskedGradientAndTheInput() {
        for item in KernelCase.all {
            let factor = randomFloats(item.channels, 1)
            let slope = randomFloats(item.channels, 2)
            let offset = randomFloats(item.channels, 3)
            // In place, as it is allowed to be.
            let gradient = Fenced(item.gradient, fence: 7)
            withCoefficients(factor, slope, offset) { coefficients in
                item.withCoefficients {
                    normalizationInputGradient(
                        of: gradient.pointer, at: item.x, pixels: item.pixels, channels: item.channels,
                        coefficients: $0, activation: item.activation, gradientCoefficients: coefficients,
                        into: gradient.pointer)
                }
            }
            let expected = item.x.indices.map { index in
                let channel = index % item.channels
                return Double(factor[channel]) * item.masked(index) + Double(offset[channel])
                    + Double(slope[channel]) * Double(item.x[index] - item.center[channel])
            }
            assertClose(gradient.values.map(Double.init), expected, tolerance: 1e-6, item.description)
            XCTAssertTrue(gradient.fenceStands, item.description)
        }
    }

    /// Each channel is a statistics group of its own.
    func testVectorKernelsTogetherEqualThePlainBackwardPass() {
        for channels in channelCounts {
            for pixels in pixelCounts {
                for activation in activations {
                    checkBackward(BatchNormCase(pixels: pixels, channels: channels, activation: activation))
                }
            }
        }
    }

    private func checkBackward(_ item: BatchNormCase) {
        let (channels, pixels) = (item.batch.channels, item.batch.pixels)
        var sums = [Double](repeating: 0, count: channels)
        var products = sums
        var inputGradient = [Float](repeating: .nan, count: item.batch.x.count)
        item.batch.withCoefficients { coefficients in
            addGradientMoments(
                of: item.batch.gradient, at: item.batch.x, pixels: pixels, channels: channels,
                coefficients: coefficients, activation: item.batch.activation, gradientSum: &sums,
                gradientProductSum: &products)
            let slopes = (0..<channels).map { -item.scale($0) * item.inverse[$0] * item.inverse[$0] * products[$0] }
            withCoefficients(
                (0..<channels).map { Float(item.scale($0)) }, slopes.map { Float($0 / Double(pixels)) },
                (0..<channels).map { Float(-item.scale($0) * sums[$0] / Double(pixels)) }
            ) {
                normalizationInputGradient(
                    of: item.batch.gradient, at: item.batch.x, pixels: pixels, channels: channels,
                    coefficients: coefficients, activation: item.batch.activation, gradientCoefficients: $0,
                    into: &inputGradient)
            }
        }
        for channel in 0..<channels {
            let members = (0..<pixels).map { $0 * channels + channel }
            var expected = [Double](repeating: .nan, count: pixels)
            let parameters = normalizationBackwardReference(
                of: members.map { Double(item.batch.gradient[$0]) }, at: members.map { Double(item.batch.x[$0]) },
                count: pixels, gamma: Double(item.gamma[channel]), beta: Double(item.batch.shift[channel]),
                epsilon: item.epsilon, activation: item.batch.activation, into: &expected)
            let gradients = members.map { abs(Double(item.batch.gradient[$0])) }
            assertClose(
                members.map { Double(inputGradient[$0]) }, expected, tolerance: 1e-6,
                scale: item.scale(channel) * gradients.max()!, "\(item.batch.description), channel \(channel)")
            assertClose(
                [products[channel] * item.inverse[channel], sums[channel]], [parameters.gamma, parameters.beta],
                tolerance: 1e-6, scale: gradients.reduce(0, +) + item.inverse[channel],
                "\(item.batch.description), channel \(channel)")
        }
    }
}

/// A batch whose coefficients are its own statistics.
private struct BatchNormCase {
    let epsilon = 1e-5
    let gamma: [Float]
    let inverse: [Double]
    let batch: KernelCase

    init(pixels: Int, channels: Int, activation: Activation) {
        let plain = KernelCase(pixels: pixels, channels: channels, activation: activation)
        // Values far enough apart that the rounding of their mean to Float doesn't count.
        let x = plain.x.map { ($0 * 64).rounded() / 64 }
        let columns = (0..<channels).map { channel in (0..<pixels).map { x[$0 * channels + channel] } }
        let statistics = columns.map { $0.withUnsafeBufferPointer(VarianceFormula.twoPass.callAsFunction) }
        let gamma = plain.scale
        let inverse = statistics.map { 1 / ($0.variance + 1e-5).squareRoot() }
        self.gamma = gamma
        self.inverse = inverse
        batch = KernelCase(
            plain, x: x, center: statistics.map { Float($0.mean) },
            scale: (0..<channels).map { Float(Double(gamma[$0]) * inverse[$0]) })
    }

    func scale(_ channel: Int) -> Double { Double(gamma[channel]) * inverse[channel] }
}

extension KernelCase {
    /// The same batch with other values and coefficients.
    fileprivate init(_ other: KernelCase, x: [Float], center: [Float], scale: [Float]) {
        self.init(
            pixels: other.pixels, channels: other.channels, activation: other.activation, x: x,
            gradient: other.gradient, center: center, scale: scale, shift: other.shift)
    }
}

private func withCoefficients(
    _ factor: [Float], _ slope: [Float], _ offset: [Float], _ body: (InputGradientCoefficients) -> Void
) {
    factor.withUnsafeBufferPointer { factor in
        slope.withUnsafeBufferPointer { slope in
            offset.withUnsafeBufferPointer { offset in
                body(
                    InputGradientCoefficients(
                        factor: factor.baseAddress!, slope: slope.baseAddress!, offset: offset.baseAddress!))
            }
        }
    }
}
