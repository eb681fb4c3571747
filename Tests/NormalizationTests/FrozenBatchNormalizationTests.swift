import Autograd
import Catalogues
import Kernels
import Normalization
import TestSupport
import Workers
import XCTest

/// Batch norm with statistics that stay as they are.
final class FrozenBatchNormalizationTests: XCTestCase {
    /// What PyTorch's batch norm does in evaluation, forward and backward, this one does in every mode.
    func testInEveryModeItIsPyTorchsBatchNormInEvaluation() throws {
        let golden = try Golden("normalization")
        let suffix = ".output"
        let cases = golden.names.filter { $0.contains(".batchEvaluation.") && $0.hasSuffix(suffix) }
        XCTAssertEqual(cases.count, 26)
        for name in cases.map({ String($0.dropLast(suffix.count)) }) {
            let parts = name.split(separator: ".").map(String.init)
            let layer = FrozenBatchNormalization(
                name: "norm", channels: try golden.floats("\(parts[0]).gamma").count,
                epsilon: try golden.doubles("epsilon")[0], affine: parts[2] == "affine")
            try fill(layer.mean, golden.floats("\(parts[0]).runningMean"))
            try fill(layer.variance, golden.floats("\(parts[0]).runningVariance"))
            if let gamma = layer.affine.gamma, let beta = layer.affine.beta {
                try fill(gamma, golden.floats("\(parts[0]).gamma"))
                try fill(beta, golden.floats("\(parts[0]).beta"))
            }
            let slope = Float(try golden.doubles("slope")[0])
            let activation: Activation =
                ["relu": .relu, "leakyRelu": .leakyReLU(slope: slope)][parts[3]] ?? .identity
            for mode in [ForwardMode.training, .trainingWithoutUpdate, .evaluation, .batchStatistics] {
                let x = try golden.tensor("\(parts[0]).input", needsGradient: true)
                let tape = Tape(layout: BatchLayout(images: x.shape[0]))
                let output = try layer(x, activation: activation, ForwardContext(tape, mode: mode))
                assertClose(output.array, try golden.floats("\(name).output"), "\(name).output")
                let parameters = [layer.affine.gamma, layer.affine.beta].compactMap { $0 }
                let gradients = try tape.gradients(
                    of: output, upstream: golden.tensor("\(parts[0]).outputGradient"), for: [x] + parameters)
                for (gradient, what) in zip(gradients, ["inputGradient", "gammaGradient", "betaGradient"]) {
                    assertClose(gradient.array, try golden.floats("\(name).\(what)"), "\(name).\(what)")
                }
            }
            XCTAssertEqual(layer.mean.array, try golden.floats("\(parts[0]).runningMean"))
            XCTAssertEqual(layer.variance.array, try golden.floats("\(parts[0]).runningVariance"))
        }
    }

    private func fill(_ tensor: Tensor, _ values: [Float]) { _ = tensor.values.update(from: values) }

    /// dx, dγ and dβ against differences of the formula in Double.
    func testGradientsAgreeWithFiniteDifferences() throws {
        let (mean, variance, gamma, beta, epsilon) = (1.5, 4.0, 0.75, -0.25, 0.25)
        let values: [Float] = [3, -1, 2.5, 0.5, -4, 7]
        let upstream: [Float] = [1, -2, 0.5, 3, 1.5, -1]
        let activation = Activation.leakyReLU(slope: 0.25)
        func loss(_ x: [Double], _ gamma: Double, _ beta: Double) -> Double {
            zip(x, upstream).reduce(0) { sum, pair in
                let y = activation.reference(gamma * (pair.0 - mean) / (variance + epsilon).squareRoot() + beta)
                return sum + Double(pair.1) * y
            }
        }
        func difference(_ function: (Double) -> Double) -> Double { (function(1e-6) - function(-1e-6)) / 2e-6 }

        let layer = FrozenBatchNormalization(name: "norm", channels: 1, epsilon: epsilon)
        fill(layer.mean, [Float(mean)])
        fill(layer.variance, [Float(variance)])
        let (gain, shift) = (try XCTUnwrap(layer.affine.gamma), try XCTUnwrap(layer.affine.beta))
        fill(gain, [Float(gamma)])
        fill(shift, [Float(beta)])
        let x = Tensor(values, shape: [3, 1, 2, 1], needsGradient: true)
        let tape = Tape(layout: BatchLayout(images: 3))
        let output = try layer(x, activation: activation, ForwardContext(tape))
        let gradients = try tape.gradients(
            of: output, upstream: Tensor(upstream, shape: x.shape), for: [x, gain, shift])
        let exact = values.map(Double.init)
        assertClose(
            gradients[0].array.map(Double.init),
            values.indices.map { index in
                difference { change in
                    var moved = exact
                    moved[index] += change
                    return loss(moved, gamma, beta)
                }
            }, tolerance: 1e-6, "dx")
        assertClose(
            [Double(gradients[1].array[0]), Double(gradients[2].array[0])],
            [difference { loss(exact, gamma + $0, beta) }, difference { loss(exact, gamma, beta + $0) }],
            tolerance: 1e-6, "dγ and dβ")
    }

    func testEachWorkerGivesItsShareOfTheGradients() throws {
        let layer = FrozenBatchNormalization(name: "norm", channels: 5)
        fill(layer.mean, randomFloats(5, 1))
        fill(layer.variance, [1, 2, 3, 4, 5])
        let (x, upstream) = (randomTensor([6, 2, 2, 5], 2, mean: 1), randomTensor([6, 2, 2, 5], 3))
        let parameters = [layer.affine.gamma, layer.affine.beta].compactMap { $0 }
        func receiver(_ imageCounts: [Int]) throws -> SharesReceiver {
            let tape = Tape(layout: BatchLayout(imageCounts: imageCounts))
            let receiver = SharesReceiver(parameters: parameters)
            let output = try layer(x, activation: .relu, ForwardContext(tape))
            try tape.backward(from: output, upstream: upstream, into: receiver)
            return receiver
        }
        let (whole, shared) = (try receiver([6]), try receiver([1, 0, 3, 2]))
        for parameter in parameters {
            XCTAssertEqual(shared.workerShares(of: parameter).count, 3)
            XCTAssertTrue(shared.globalGradients(of: parameter).isEmpty)
            assertClose(shared.sum(of: parameter), whole.sum(of: parameter), tolerance: 1e-6, "sum")
        }
    }

    func testTheCatalogueKnowsThatItsStatisticsComeFromAFile() throws {
        for definition in Norm.catalogue {
            var settings = NormSettings()
            settings.statistics = .worker
            let norm = try definition.make(settings)
            XCTAssertEqual(norm.needsInitialWeights, definition.name == "frozenbn", definition.name)
        }
        let layer = try Norm.layer("frozenbn", channels: 8)
        XCTAssertEqual(layer.state.map(\.name), ["frozenbn.mean", "frozenbn.variance", "frozenbn.batchCounts"])
        XCTAssertTrue(layer.state.allSatisfy { $0.placement == .everywhere })
        XCTAssertEqual(layer.parameters.map(\.name), ["frozenbn.gamma", "frozenbn.beta"])
    }
}
