import Autograd
import Catalogues
import Models
import Normalization
import TestSupport
import Workers
import XCTest

/// What the network `cnn` declares: what training changes, and what a run keeps.
final class NetworkPartsTests: XCTestCase {
    private let channels = [32, 32, 64, 64, 128]

    func testParametersComeInTheOrderInWhichDataGoesThroughThem() throws {
        let parameters = try network("syncbn").parameters
        let blocks = (1...5).flatMap {
            ["convolution\($0).weight", "normalization\($0).gamma", "normalization\($0).beta"]
        }
        XCTAssertEqual(parameters.map(\.name), blocks + ["dense.weight", "dense.bias"])
        let pytorch = (1...5).flatMap {
            ["convolution\($0).weight", "normalization\($0).weight", "normalization\($0).bias"]
        }
        XCTAssertEqual(parameters.map(\.pytorchName), pytorch + ["dense.weight", "dense.bias"])
        let shapes = zip([3] + channels, channels).flatMap { [[$1, $0, 3, 3], [$1], [$1]] }
        XCTAssertEqual(parameters.map(\.tensor.shape), shapes + [[10, 128], [10]])
        XCTAssertTrue(parameters.allSatisfy(\.tensor.needsGradient))
    }

    /// Without a norm, without γ and β, and under a norm that has no shift by its definition.
    func testAConvolutionWhoseNormAddsNoShiftHasABias() throws {
        func biases(_ settings: NormSettings) throws -> [String] {
            let norm = try Norm.catalogue.make(settings.norm, of: settings, for: "normalization.norm")
            let network = try cnn(NetworkSettings(inputChannels: 3, classes: 10, norm: norm, seed: 1))
            return network.parameters.filter { $0.role == .bias && $0.layer != "dense" }.map(\.name)
        }
        for definition in Norm.catalogue {
            var settings = NormSettings()
            settings.norm = definition.name
            settings.statistics = definition.name == "batch" ? .worker : nil
            let hasShift = !["none", "rms"].contains(definition.name)
            let all = (1...5).map { "convolution\($0).bias" }
            XCTAssertEqual(try biases(settings), hasShift ? [] : all, definition.name)
            settings.affine = false
            XCTAssertEqual(try biases(settings), all, definition.name)
        }
    }

    func testOnlyScaleAndShiftOfASynchronisedNormArriveSummed() throws {
        for (norm, summed) in [("syncbn", true), ("bn", false), ("gn", false)] {
            for parameter in try network(norm).parameters {
                let isAffine = parameter.layer.hasPrefix("normalization")
                XCTAssertEqual(parameter.arrivesSummed, summed && isAffine, "\(norm): \(parameter.name)")
            }
        }
    }

    func testStateIsThatOfEachNormInOrder() throws {
        let names = (1...5).flatMap { layer in
            ["runningMean", "runningVariance", "batchCounts"].map { "normalization\(layer).\($0)" }
        }
        // The second of three ranks hosts workers 2 and 3 of five.
        let hosting = Hosting(workers: 5, ranks: 3, rank: 1)
        for (norm, here, whole) in [("syncbn", 1, 1), ("bn", 2, 5)] {
            let state = try network(norm, hosting).state
            XCTAssertEqual(state.map(\.name), names)
            XCTAssertEqual(state.map(\.shape), channels.flatMap { [[here, $0], [here, $0], [here]] })
            XCTAssertEqual(state.map(\.wholeShape), channels.flatMap { [[whole, $0], [whole, $0], [whole]] })
        }
        for norm in ["gn", "ln", "in", "none"] { XCTAssertTrue(try network(norm).state.isEmpty, norm) }
    }

    func testEveryModuleHasANameOfItsOwn() throws {
        func names(_ module: any Module) -> [String] { [module.name] + module.children.flatMap(names) }
        let leaves = try names(network("syncbn")).filter { name in name != "cnn" }
        // A block has the name of its convolution.
        XCTAssertEqual(leaves.count, 5 * 3 + 4)
        XCTAssertEqual(Set(leaves).count, 5 * 2 + 4)
    }

    func testTheCatalogueTellsOfEveryNetwork() {
        XCTAssertTrue(Networks.catalogue.contains { $0.name == "cnn" })
        XCTAssertEqual(Set(Networks.catalogue.map(\.name)).count, Networks.catalogue.count)
        XCTAssertTrue(Networks.catalogue.allSatisfy { !$0.summary.isEmpty && !$0.summary.hasSuffix(".") })
    }

    private func network(_ name: String, _ hosting: Hosting = Hosting(workers: 1)) throws -> any Layer {
        var settings = NetworkSettings(inputChannels: 3, classes: 10, norm: try norm(name), seed: 1)
        settings.hosting = hosting
        return try cnn(settings)
    }
}
