import Kernels
import TestSupport
import XCTest

final class ChannelMomentsTests: XCTestCase {
    func testVectorMomentsEqualThePlainOnesAndAccumulate() {
        for channels in channelCounts {
            for pixels in pixelCounts {
                let x = randomFloats(pixels * channels, 11, mean: 5)
                let pivot = randomFloats(channels, 12, mean: 5)
                let before = randomFloats(channels, 13).map(Double.init)
                let sum = Fenced(before, fence: 7)
                let squares = Fenced(before, fence: 7)
                addChannelMoments(
                    of: x, pixels: pixels, channels: channels, pivot: pivot, sum: sum.pointer,
                    squareSum: squares.pointer)
                var expectedSum = before
                var expectedSquares = before
                addChannelMomentsReference(
                    of: x, pixels: pixels, channels: channels, pivot: pivot, sum: &expectedSum,
                    squareSum: &expectedSquares)
                let what = "\(pixels) pixels × \(channels) channels"
                let scale = Double(pixels) * 4
                assertClose(sum.values, expectedSum, tolerance: 1e-13, scale: scale, what)
                assertClose(squares.values, expectedSquares, tolerance: 1e-13, scale: scale, what)
                XCTAssertTrue(sum.fenceStands && squares.fenceStands, what)
            }
        }
    }

    func testMomentsOfOneToNAreTheClosedForms() {
        for channels in [1, 8, 19] {
            let pixels = 100
            let x = (0..<pixels * channels).map { Float($0 / channels + 1) }
            var sum = [Double](repeating: 0, count: channels)
            var squares = sum
            addChannelMomentsReference(
                of: x, pixels: pixels, channels: channels, pivot: [Float](repeating: 0, count: channels), sum: &sum,
                squareSum: &squares)
            XCTAssertEqual(sum, [Double](repeating: 5050, count: channels))
            XCTAssertEqual(squares, [Double](repeating: 338_350, count: channels))
        }
    }

    func testNoPixelsAddNothing() {
        var sum = [1.0, 2, 3]
        var squares = [4.0, 5, 6]
        addChannelMoments(of: [], pixels: 0, channels: 3, pivot: [0, 0, 0], sum: &sum, squareSum: &squares)
        XCTAssertEqual(sum, [1, 2, 3])
        XCTAssertEqual(squares, [4, 5, 6])
    }
}
