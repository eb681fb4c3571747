import Kernels
import TestSupport
import XCTest

final class NormalizeTests: XCTestCase {
    func testVectorKernelEqualsThePlainOne() {
        for item in KernelCase.all {
            let y = Fenced([Float](repeating: .nan, count: item.x.count), fence: 7)
            item.withCoefficients {
                normalize(
                    item.x, pixels: item.pixels, channels: item.channels, coefficients: $0,
                    activation: item.activation, into: y.pointer)
            }
            assertClose(y.values.map(Double.init), reference(item), tolerance: 1e-6, item.description)
            XCTAssertTrue(y.fenceStands, item.description)
        }
    }

    func testInputMayBeOverwritten() {
        for item in KernelCase.all where item.pixels == 5 {
            let y = Fenced(item.x, fence: 7)
            item.withCoefficients {
                normalize(
                    y.pointer, pixels: item.pixels, channels: item.channels, coefficients: $0,
                    activation: item.activation, into: y.pointer)
            }
            assertClose(y.values.map(Double.init), reference(item), tolerance: 1e-6, item.description)
        }
    }

    func testNotANumberPassesThroughEveryActivation() {
        for activation in activations {
            for channels in [7, 8, 32] {
                var y = [Float](repeating: 0, count: channels)
                let nan = [Float](repeating: .nan, count: channels)
                KernelCase(pixels: 1, channels: channels, activation: activation).withCoefficients {
                    normalize(nan, pixels: 1, channels: channels, coefficients: $0, activation: activation, into: &y)
                }
                XCTAssertTrue(y.allSatisfy(\.isNaN), "\(channels) channels, \(activation)")
            }
        }
    }

    private func reference(_ item: KernelCase) -> [Double] {
        var y = [Double](repeating: .nan, count: item.x.count)
        normalizeReference(
            item.x.map(Double.init), pixels: item.pixels, channels: item.channels, center: item.center.map(Double.init),
            scale: item.scale.map(Double.init), shift: item.shift.map(Double.init), activation: item.activation,
            into: &y)
        return y
    }
}
