import Autograd
import XCTest

/// What training changes and what a run keeps follow by walking through the parts of a network.
final class ModuleTests: XCTestCase {
    private final class Part: Module {
        let name: String
        let children: [any Module]
        let ownParameters: [Parameter]
        let ownState: [StateTensor]

        init(_ name: String, _ children: [any Module] = []) {
            self.name = name
            self.children = children
            ownParameters = [Parameter(layer: name, .weight, Tensor([1], shape: [1], needsGradient: true))]
            ownState = [StateTensor(layer: name, .batchCount, .counts(Counts(count: 1)), placement: .everywhere)]
        }
    }

    private final class Bare: Module {
        let name = "bare"
    }

    func testAModulesOwnComeBeforeThoseOfItsPartsAndThesePartByPart() {
        let network = Part("network", [Part("first", [Part("inner")]), Bare(), Part("second")])
        XCTAssertEqual(
            network.parameters.map(\.name), ["network.weight", "first.weight", "inner.weight", "second.weight"])
        XCTAssertEqual(
            network.state.map(\.name),
            ["network.batchCounts", "first.batchCounts", "inner.batchCounts", "second.batchCounts"])
    }

    func testTheTensorsAreThoseOfThePartsThemselves() {
        let inner = Part("inner")
        let network = Part("network", [inner])
        XCTAssertTrue(network.parameters[1].tensor === inner.ownParameters[0].tensor)
    }

    func testAModuleThatDeclaresNothingHasNothing() {
        XCTAssertTrue(Bare().parameters.isEmpty && Bare().state.isEmpty && Bare().children.isEmpty)
    }

    func testParametersAreNamedByTheirRolesHereAndInPyTorch() {
        let names: [(role: Parameter.Role, name: String, pytorch: String)] = [
            (.weight, "a.weight", "a.weight"), (.bias, "a.bias", "a.bias"), (.gain, "a.gamma", "a.weight"),
            (.shift, "a.beta", "a.bias"),
        ]
        for (role, name, pytorch) in names {
            let parameter = Parameter(layer: "a", role, .parameter(shape: [2], filledWith: 3))
            XCTAssertEqual(parameter.name, name)
            XCTAssertEqual(parameter.pytorchName, pytorch)
            XCTAssertFalse(parameter.arrivesSummed)
            XCTAssertTrue(parameter.tensor.needsGradient)
            XCTAssertEqual(parameter.tensor.array, [3, 3])
        }
    }

    func testStateIsNamedByItsRole() {
        let names: [(StateTensor.Role, String)] = [
            (.runningMean, "a.runningMean"), (.runningVariance, "a.runningVariance"), (.batchCount, "a.batchCounts"),
            (.own("velocity"), "a.velocity"),
        ]
        for (role, name) in names {
            let state = StateTensor(layer: "a", role, .counts(Counts(count: 1)), placement: .everywhere)
            XCTAssertEqual(state.name, name)
        }
    }

    func testTheWholeRunHasTheRowsOfAllRanks() {
        let values: [(StateTensor.Values, rest: [Int])] = [
            (.floats(Tensor(shape: [2, 5])), [5]), (.floats(Tensor(shape: [2])), []), (.counts(Counts(count: 2)), []),
        ]
        for (values, rest) in values {
            let everywhere = StateTensor(layer: "a", .runningMean, values, placement: .everywhere)
            XCTAssertEqual(everywhere.shape, [2] + rest)
            XCTAssertEqual(everywhere.wholeShape, [2] + rest)
            let rows = StateTensor(layer: "a", .runningMean, values, placement: .rows(first: 3, total: 7))
            XCTAssertEqual(rows.shape, [2] + rest)
            XCTAssertEqual(rows.wholeShape, [7] + rest)
        }
        XCTAssertEqual(Counts(count: 3).values, [0, 0, 0])
    }
}
