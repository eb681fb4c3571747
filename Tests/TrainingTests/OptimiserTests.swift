import Autograd
import Catalogues
import Training
import XCTest

final class OptimiserTests: XCTestCase {
    /// v ← 0.5·v + (g + 0.25·w), w ← w − rate·v, in numbers that a Float holds exactly.
    func testGradientDescentKeepsAVelocityForEachParameter() throws {
        let parameters = [
            Parameter(layer: "a", .weight, Tensor([1, -2], shape: [2], needsGradient: true)),
            Parameter(layer: "a", .bias, Tensor([8], shape: [1], needsGradient: true)),
        ]
        var training = TrainingSettings()
        training.momentum = 0.5
        training.weightDecay = 0.25
        let optimiser = try XCTUnwrap(Optimisers.catalogue.named("sgd")).make(
            OptimiserSettings(parameters: parameters, training: training))
        XCTAssertEqual(optimiser.state.map(\.name), ["a.weight.velocity", "a.bias.velocity"])
        XCTAssertEqual(optimiser.state.map(\.shape), [[2], [1]])
        XCTAssertEqual(optimiser.state.map(\.placement), [.everywhere, .everywhere])
        XCTAssertEqual(optimiser.state.map(\.floats), [[0, 0], [0]])

        optimiser.step(0, number: 1, rate: 0.5, gradient: [1, 2])
        XCTAssertEqual(optimiser.state[0].floats, [1.25, 1.5])
        XCTAssertEqual(parameters[0].tensor.array, [0.375, -2.75])
        XCTAssertEqual(parameters[1].tensor.array, [8], "each parameter on its own")
        optimiser.step(0, number: 2, rate: 2, gradient: [0, 0])
        XCTAssertEqual(optimiser.state[0].floats, [0.625 + 0.09375, 0.75 - 0.6875])
        XCTAssertEqual(parameters[0].tensor.array, [0.375 - 1.4375, -2.75 - 0.125])
        optimiser.step(1, number: 1, rate: 0.25, gradient: [-4])
        XCTAssertEqual(optimiser.state[1].floats, [-2])
        XCTAssertEqual(parameters[1].tensor.array, [8.5])
    }

    /// Without a gradient, decay alone changes a parameter: w ← w − rate·decay·w.
    func testDecayOfWeightsLeavesBiasesAndNormsAlone() throws {
        for optimiser in ["sgd", "adamw"] {
            for (decay, changed) in [(DecayChoice.all, [0.875, 0.875, 0.875, 0.875]), (.weights, [0.875, 1, 1, 1])] {
                let parameters = [Parameter.Role.weight, .bias, .gain, .shift].map {
                    Parameter(layer: "a", $0, Tensor([1], shape: [1], needsGradient: true))
                }
                var training = TrainingSettings()
                training.weightDecay = 0.25
                training.decay = decay
                let optimiser = try XCTUnwrap(Optimisers.catalogue.named(optimiser)).make(
                    OptimiserSettings(parameters: parameters, training: training))
                for index in parameters.indices { optimiser.step(index, number: 1, rate: 0.5, gradient: [0]) }
                XCTAssertEqual(parameters.map { Double($0.tensor.array[0]) }, changed, "\(decay)")
            }
        }
    }

    func testTheCatalogueTellsOfEveryOptimiser() {
        XCTAssertEqual(Set(Optimisers.catalogue.map(\.name)).count, Optimisers.catalogue.count)
        XCTAssertTrue(Optimisers.catalogue.allSatisfy { !$0.summary.isEmpty && !$0.summary.hasSuffix(".") })
    }
}
