import Autograd
import Models
import TestSupport
import Workers
import XCTest

/// ResNet-20.
final class ResidualNetworkTests: XCTestCase {
    func testScoresGradientsAndStatisticsAreThoseOfPyTorch() throws {
        try checkAgainstGolden("resnet20", inputChannels: 3) { golden, name in
            golden.contains("gradient.\(name)") ? try golden.floats("gradient.\(name)") : nil
        }
    }

    /// He et al. 2016, table 6: 0.27 million; 19 convolutions and a dense layer.
    func testItHasTwentyLayersAndAQuarterOfAMillionParameters() throws {
        let network = try network(
            "resnet20", NetworkSettings(inputChannels: 3, classes: 10, norm: norm("bn"), seed: 1))
        let run = try DryRun(of: network, height: 32, width: 32, channels: 3)
        XCTAssertEqual(run.convolutions.count, 19)
        XCTAssertEqual(run.convolutions.map(\.shape.outputHeight).suffix(1), [8])
        XCTAssertEqual(network.parameters.reduce(0) { $0 + $1.tensor.count }, 269_722)
        XCTAssertEqual(DryRun.smallestExtent(for: network, channels: 3), 1)
    }

    func testWithItsLastGammasAtZeroABlockBeginsAsItsShortcut() throws {
        var settings = NetworkSettings(inputChannels: 3, classes: 10, norm: try norm("bn"), seed: 1)
        settings.model.zeroInitResidual = true
        let network = try network("resnet20", settings)
        for parameter in network.parameters where parameter.role == .gain {
            let isLast = parameter.layer.hasSuffix("normalization2")
            XCTAssertEqual(Set(parameter.tensor.array), isLast ? [0] : [1], parameter.name)
        }
    }

    /// Odd extents too: the last row and column of an odd image are kept.
    func testTheShortcutTakesEverySecondPixelAndPadsChannelsOnBothSides() throws {
        let x = Tensor((0..<18).map(Float.init), shape: [1, 3, 3, 2], needsGradient: true)
        let tape = Tape(layout: BatchLayout(images: 1))
        let y = tape.shortcut(x, stride: 2, channels: 4)
        XCTAssertEqual(y.shape, [1, 2, 2, 4])
        XCTAssertEqual(y.array, [0, 0, 1, 0, 0, 4, 5, 0, 0, 12, 13, 0, 0, 16, 17, 0])
        let upstream = Tensor((1...16).map(Float.init), shape: y.shape)
        let gradient = try tape.gradients(of: y, upstream: upstream, for: [x])[0].array
        XCTAssertEqual(gradient, [2, 3, 0, 0, 6, 7, 0, 0, 0, 0, 0, 0, 10, 11, 0, 0, 14, 15])
    }
}
