import Autograd
import Models
import Normalization
import XCTest

/// What one image on its way through a network tells of it.
final class DryRunTests: XCTestCase {
    private func cnn(channels: Int = 1) throws -> any Layer {
        let norm = try XCTUnwrap(Norm.catalogue.named("syncbn")).make(NormSettings())
        return try XCTUnwrap(Networks.catalogue.named("cnn")).make(
            NetworkSettings(inputChannels: channels, classes: 10, norm: norm, seed: 1))
    }

    private func dryRun(height: Int, width: Int, channels: Int = 1) throws -> DryRun {
        try DryRun(of: cnn(channels: channels), height: height, width: width, channels: channels)
    }

    /// Pixels · output channels · 3·3 · input channels, by hand, and 128 · 10 of the dense layer.
    func testATrainingStepOfA28By28ImageTakes131MFLOP() throws {
        let first = 784 * 32 * 9 * 1
        let others = 784 * 32 * 9 * 32 + 196 * 64 * 9 * 32 + 196 * 64 * 9 * 64 + 49 * 128 * 9 * 64
        let dense = 128 * 10
        let flops = try dryRun(height: 28, width: 28).flopsPerImage
        XCTAssertEqual(flops, 2 * (2 * first + 3 * others + 3 * dense))
        XCTAssertEqual(Double(flops), 131e6, accuracy: 0.5e6)
    }

    func testATrainingStepOfAColourImageOf32By32TakesItsOwn() throws {
        let first = 1024 * 32 * 9 * 3
        let others = 1024 * 32 * 9 * 32 + 256 * 64 * 9 * 32 + 256 * 64 * 9 * 64 + 64 * 128 * 9 * 64
        let flops = try dryRun(height: 32, width: 32, channels: 3).flopsPerImage
        XCTAssertEqual(flops, 2 * (2 * first + 3 * others + 3 * 1280))
    }

    func testPoolingsHalveTheImageRoundingDown() throws {
        let run = try dryRun(height: 11, width: 9)
        XCTAssertEqual(run.convolutions.map(\.shape.outputHeight), [11, 11, 5, 5, 2])
        XCTAssertEqual(run.convolutions.map(\.shape.outputWidth), [9, 9, 4, 4, 2])
        XCTAssertEqual(run.convolutions.map(\.layer), (1...5).map { "convolution\($0)" })
        XCTAssertEqual(
            run.poolings.map(\.description),
            [
                "pooling of 1×11×9×32, kernel 2, stride 2, padding 0",
                "pooling of 1×5×4×64, kernel 2, stride 2, padding 0",
            ])
    }

    func testEveryLayerIsSeenInOrderWithItsExtents() throws {
        let run = try dryRun(height: 8, width: 8)
        XCTAssertEqual(
            run.layers.map(\.layer),
            [
                "convolution1", "normalization1", "convolution2", "normalization2", "pooling2", "convolution3",
                "normalization3", "convolution4", "normalization4", "pooling4", "convolution5", "normalization5",
                "mean pooling", "dense",
            ])
        XCTAssertEqual(run.layers[5].outputShape, [1, 4, 4, 64])
        XCTAssertEqual(run.layers.last?.outputShape, [1, 10])
        XCTAssertEqual(run.layers.last?.work, .dense(inputs: 128, outputs: 10))
    }

    func testTheSmallestImageIsThatWhichTwoPoolingsLeaveAPixelOf() throws {
        XCTAssertEqual(DryRun.smallestExtent(for: try cnn(), channels: 1), 4)
        XCTAssertThrowsError(try dryRun(height: 4, width: 3))
        XCTAssertNoThrow(try dryRun(height: 4, width: 4))
    }

    func testADryRunLeavesRunningStatisticsAlone() throws {
        let network = try cnn()
        _ = try DryRun(of: network, height: 8, width: 8, channels: 1)
        for state in network.state {
            guard case .counts(let counts) = state.values else { continue }
            XCTAssertEqual(counts.values, [0], state.name)
        }
    }
}
