import XCTest

@testable import Experiments

/// How the arithmetic of the network is counted.
final class NetworkWorkTests: XCTestCase {
    /// Pixels · output channels · 3·3 · input channels, by hand, and 128 · 10 of the dense layer.
    func testATrainingStepOfA28By28ImageTakes131MFLOP() {
        let first = 784 * 32 * 9 * 1
        let others = 784 * 32 * 9 * 32 + 196 * 64 * 9 * 32 + 196 * 64 * 9 * 64 + 49 * 128 * 9 * 64
        let dense = 128 * 10
        let flops = NetworkWork(height: 28, width: 28, channels: 1, classes: 10).flopsPerImage
        XCTAssertEqual(flops, 2 * (2 * first + 3 * others + 3 * dense))
        XCTAssertEqual(Double(flops), 131e6, accuracy: 0.5e6)
    }

    func testATrainingStepOfAColourImageOf32By32TakesItsOwn() {
        let first = 1024 * 32 * 9 * 3
        let others = 1024 * 32 * 9 * 32 + 256 * 64 * 9 * 32 + 256 * 64 * 9 * 64 + 64 * 128 * 9 * 64
        let flops = NetworkWork(height: 32, width: 32, channels: 3, classes: 10).flopsPerImage
        XCTAssertEqual(flops, 2 * (2 * first + 3 * others + 3 * 1280))
    }

    func testPoolingsHalveTheImageRoundingDown() {
        let work = NetworkWork(height: 11, width: 9, channels: 1, classes: 10)
        XCTAssertEqual(work.convolutions(images: 2).map(\.outputHeight), [11, 11, 5, 5, 2])
        XCTAssertEqual(work.convolutions(images: 2).map(\.outputWidth), [9, 9, 4, 4, 2])
        XCTAssertEqual(
            work.poolings(images: 2).map(\.description),
            [
                "pooling of 2×11×9×32, kernel 2, stride 2, padding 0",
                "pooling of 2×5×4×64, kernel 2, stride 2, padding 0",
            ])
    }
}
