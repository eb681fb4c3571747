import Autograd
import Kernels
import Normalization
import TestSupport
import Workers
import XCTest

/// Batch renormalisation.
final class BatchRenormalizationTests: XCTestCase {
    /// The correction begins with the second step, and some channels meet its limits.
    func testStepsAreThoseOfTheAlgorithmInPyTorch() throws {
        let golden = try Golden("renormalization")
        var limits = BatchRenormalization.Limits()
        limits.scale = try golden.doubles("largestScale")[0]
        limits.shift = try golden.doubles("largestShift")[0]
        limits.warmUpBatches = try golden.integers("warmUp")[0]
        let layer = BatchRenormalization(
            name: "norm", channels: 6, options: BatchNormalization.Options(statistics: .world), limits: limits)
        let (gamma, beta) = (try XCTUnwrap(layer.affine.gamma), try XCTUnwrap(layer.affine.beta))
        _ = gamma.values.update(from: try golden.floats("gamma"))
        _ = beta.values.update(from: try golden.floats("beta"))
        for step in 0..<(try golden.integers("steps")[0]) {
            let x = try golden.tensor("\(step).input", needsGradient: true)
            let tape = Tape(layout: BatchLayout(images: x.shape[0]))
            let output = try layer(x, ForwardContext(tape))
            assertClose(output.array, try golden.floats("\(step).output"), tolerance: 1e-6, "output of step \(step)")
            let gradients = try tape.gradients(
                of: output, upstream: golden.tensor("\(step).outputGradient"), for: [x, gamma, beta])
            for (gradient, name) in zip(gradients, ["inputGradient", "gammaGradient", "betaGradient"]) {
                assertClose(gradient.array, try golden.floats("\(step).\(name)"), "\(name) of step \(step)")
            }
            for (tensor, name) in [(layer.running.mean, "runningMean"), (layer.running.variance, "runningVariance")] {
                assertClose(tensor.array, try golden.floats("\(step).\(name)"), tolerance: 1e-6, "\(name), \(step)")
            }
        }
    }

    func testDuringTheWarmUpItIsBatchNorm() throws {
        let (renorm, plain) = (
            BatchRenormalization(name: "norm", channels: 5), BatchNormalization(name: "norm", channels: 5)
        )
        for step in 0..<3 {
            let x = randomTensor([4, 2, 2, 5], UInt64(step), mean: 1)
            let outputs = try [renorm, plain].map {
                try $0(x, ForwardContext(Tape(layout: BatchLayout(images: 4)))).array
            }
            assertSameBits(outputs[0], outputs[1], "step \(step)")
        }
    }

    /// Inside the limits the output in training is that in evaluation: what the method is for.
    func testWithoutLimitsTrainingGivesTheOutputOfEvaluation() throws {
        var limits = BatchRenormalization.Limits()
        limits.scale = 1e6
        limits.shift = 1e6
        limits.warmUpBatches = 1
        let layer = BatchRenormalization(name: "norm", channels: 5, limits: limits)
        let x = randomTensor([4, 2, 2, 5], 1, mean: 1)
        _ = try layer(x, ForwardContext(Tape(layout: BatchLayout(images: 4))))
        let other = randomTensor([4, 2, 2, 5], 2, mean: 3, deviation: 2)
        let expected = try layer(other, ForwardContext(Tape(layout: BatchLayout(images: 4)), mode: .evaluation)).array
        let output = try layer(other, ForwardContext(Tape(layout: BatchLayout(images: 4)))).array
        assertClose(output, expected, tolerance: 1e-6, "output")
    }
}
