import Autograd
import Kernels
import Normalization
import TestSupport
import Workers
import XCTest

/// Every normalisation, forward and backward, against PyTorch.
final class NormalizationGoldenTests: XCTestCase {
    private static let sets = [
        "4x5x3x8", "3x4x4x7", "5x6x6x1", "6x1x1x16", "1x3x3x4", "mean1000", "2x7x7x32", "4x4x4x96",
    ]

    func testEveryCaseOfEverySet() throws {
        let golden = try Golden("normalization")
        var checked = 0
        for set in Self.sets {
            let suffix = ".output"
            let cases = golden.names.filter { $0.hasPrefix("\(set).") && $0.hasSuffix(suffix) }
            for name in cases.map({ String($0.dropLast(suffix.count)) }) {
                try check(GoldenCase(name, in: golden))
                checked += 1
            }
        }
        XCTAssertEqual(checked, golden.names.filter { $0.hasSuffix(".output") }.count)
        XCTAssertEqual(checked, 150)
    }

    func testCumulativeMomentumIsThePlainAverageOfAllBatches() throws {
        let golden = try Golden("normalization")
        let norm = BatchNormalization(
            name: "norm", channels: 5,
            options: BatchNormalization.Options(momentum: .cumulative, affine: false))
        for step in 0..<3 {
            let x = try golden.tensor("cumulative.\(step).input")
            _ = try norm(x, ForwardContext(Tape(layout: BatchLayout(images: x.shape[0]))))
            assertClose(
                norm.running.mean.array, try golden.floats("cumulative.\(step).runningMean"), tolerance: 1e-6,
                "mean of step \(step)")
            assertClose(
                norm.running.variance.array, try golden.floats("cumulative.\(step).runningVariance"), tolerance: 1e-6,
                "variance of step \(step)")
        }
        XCTAssertEqual(norm.running.batchCounts.values, [3])
    }

    private func check(_ item: GoldenCase) throws {
        let golden = item.golden
        let x = try golden.tensor("\(item.set).input", needsGradient: true)
        let layer = try item.layer()
        let tape = Tape(layout: BatchLayout(images: x.shape[0]))
        let output = try layer(
            x, activation: item.activation,
            ForwardContext(tape, mode: item.method == "batchEvaluation" ? .evaluation : .training))
        assertClose(output.array, try golden.floats("\(item.name).output"), "\(item.name).output")

        let upstream = try golden.tensor("\(item.set).outputGradient")
        let parameters = [layer.affine.gamma, layer.affine.beta].compactMap { $0 }
        let gradients = try tape.gradients(of: output, upstream: upstream, for: [x] + parameters)
        // Where statistics are over single values everything cancels: only the size of the terms can be the scale.
        let cancelled = (1 / 1e-5).squareRoot() * 3
        for (gradient, name) in zip(gradients, ["inputGradient", "gammaGradient", "betaGradient"]) {
            let expected = try golden.floats("\(item.name).\(name)")
            let scale = expected.allSatisfy { $0 == 0 } ? cancelled : nil
            assertClose(
                gradient.array, expected, tolerance: scale == nil ? 1e-5 : 1e-6, scale: scale, "\(item.name).\(name)")
        }
        if let norm = layer as? BatchNormalization {
            let place = item.method == "batchTraining" ? item.name : item.set
            assertClose(norm.running.mean.array, try golden.floats("\(place).runningMean"), tolerance: 1e-6, item.name)
            assertClose(
                norm.running.variance.array, try golden.floats("\(place).runningVariance"), tolerance: 1e-6, item.name)
        }
    }
}

/// SET.METHOD.AFFINE.ACTIVATION
private struct GoldenCase {
    let golden: Golden
    let name: String
    let set: String
    let method: String
    let isAffine: Bool
    let activation: Activation

    init(_ name: String, in golden: Golden) throws {
        let parts = name.split(separator: ".").map(String.init)
        self.golden = golden
        self.name = name
        (set, method, isAffine) = (parts[0], parts[1], parts[2] == "affine")
        activation =
            switch parts[3] {
            case "relu": .relu
            case "leakyRelu": .leakyReLU(slope: Float(try golden.doubles("slope")[0]))
            default: .identity
            }
    }

    func layer() throws -> any NormalizationLayer {
        let channels = try golden.floats("\(set).gamma").count
        let epsilon = try golden.doubles("epsilon")[0]
        let layer: any NormalizationLayer
        switch method {
        case "batchTraining", "batchEvaluation":
            let momentum = try golden.doubles("momentum")[0]
            let norm = BatchNormalization(
                name: name, channels: channels,
                options: BatchNormalization.Options(
                    epsilon: epsilon, momentum: .exponential(momentum), affine: isAffine))
            _ = norm.running.mean.values.update(from: try golden.floats("\(set).runningMean"))
            _ = norm.running.variance.values.update(from: try golden.floats("\(set).runningVariance"))
            layer = norm
        case "layer":
            layer = GroupNormalization(
                name: name, channels: channels, groups: 1, epsilon: epsilon, affine: isAffine)
        case "instance":
            layer = GroupNormalization(
                name: name, channels: channels, groups: channels, epsilon: epsilon, affine: isAffine)
        default:
            let groups = try XCTUnwrap(Int(method.dropFirst("group".count)))
            layer = GroupNormalization(
                name: name, channels: channels, groups: groups, epsilon: epsilon, affine: isAffine)
        }
        if let gamma = layer.affine.gamma, let beta = layer.affine.beta {
            _ = gamma.values.update(from: try golden.floats("\(set).gamma"))
            _ = beta.values.update(from: try golden.floats("\(set).beta"))
        }
        return layer
    }
}
