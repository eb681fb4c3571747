import Autograd
import Kernels
import TestSupport
import XCTest

@testable import Training

/// Adam and AdamW.
final class AdamTests: XCTestCase {
    func testStepsAreThoseOfPyTorch() throws {
        let golden = try Golden("optimisers")
        let gradients = try golden.tensor("gradients")
        for name in ["adam", "adamw"] {
            let weights = try golden.tensor("weights", needsGradient: true)
            var training = TrainingSettings()
            training.beta1 = try golden.doubles("beta1")[0]
            training.beta2 = try golden.doubles("beta2")[0]
            training.optimiserEpsilon = try golden.doubles("epsilon")[0]
            training.weightDecay = try golden.doubles("weightDecay")[0]
            let optimiser = try Optimisers.catalogue.make(
                name,
                of: OptimiserSettings(parameters: [Parameter(layer: "dense", .weight, weights)], training: training),
                for: "training.optimiser")
            for step in 0..<gradients.shape[0] {
                optimiser.step(
                    0, number: step + 1, rate: try golden.doubles("rate")[0], gradient: gradients.row(step))
                assertClose(weights.array, try golden.floats("\(name).\(step)"), tolerance: 1e-6, "\(name), \(step)")
            }
        }
    }

    /// Of any gradient the first step takes the sign: the rate, as far as ε lets it.
    func testTheFirstStepIsTheRateInTheDirectionOfTheGradient() {
        var weights = [Float](repeating: 0, count: 3)
        var mean = weights
        var square = weights
        let coefficients = AdamCoefficients(
            rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, decouplesDecay: false, step: 1)
        adamStep(weights: &weights, mean: &mean, square: &square, gradient: [5, -0.25, 1e-3], count: 3, coefficients)
        assertClose(weights, [-0.01, 0.01, -0.01], tolerance: 2e-5, "the first step")
    }

    func testItsStateIsBothMomentsOfEveryParameter() throws {
        let weights = Tensor.parameter(shape: [2, 3], filledWith: 1)
        let optimiser = try Optimisers.catalogue.make(
            "adam", of: OptimiserSettings(parameters: [Parameter(layer: "dense", .weight, weights)]), for: "")
        XCTAssertEqual(optimiser.state.map(\.name), ["dense.weight.gradientMean", "dense.weight.gradientSquare"])
        XCTAssertEqual(optimiser.state.map(\.wholeShape), [[2, 3], [2, 3]])
    }
}
