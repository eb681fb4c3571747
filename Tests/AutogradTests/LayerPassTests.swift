import Autograd
import TestSupport
import Workers
import XCTest

/// A context shows its probe what goes into every layer, and what comes out.
final class LayerPassTests: XCTestCase {
    /// Looks at passes only: the time does not interest it.
    private final class Witness: Probe {
        var passes: [LayerPass] = []
        func see(_ pass: LayerPass) { passes.append(pass) }
    }

    private struct Refusal: Error {}

    private let x = Tensor([1, 2], shape: [1, 2])

    func testEveryLayerIsSeenOnceItsOutputIsThere() {
        let witness = Witness()
        let context = ForwardContext(Tape(layout: BatchLayout(images: 1), probe: witness))
        let y = context.layer("double", .dense(inputs: 2, outputs: 2), of: x) {
            XCTAssertTrue(witness.passes.isEmpty)
            return context.tape.scale(x, by: 2)
        }
        let z = context.layer("halve", of: y) { context.tape.scale(y, by: 0.5) }
        XCTAssertEqual(witness.passes.map(\.layer), ["double", "halve"])
        XCTAssertEqual(witness.passes.map(\.work), [.dense(inputs: 2, outputs: 2), .other])
        XCTAssertTrue(witness.passes[0].input === x && witness.passes[0].output === y)
        XCTAssertTrue(witness.passes[1].input === y && witness.passes[1].output === z)
        XCTAssertEqual(z.array, [1, 2])
    }

    func testALayerThatFailsIsNotSeen() {
        let witness = Witness()
        let context = ForwardContext(Tape(layout: BatchLayout(images: 1), probe: witness))
        XCTAssertThrowsError(try context.layer("broken", of: x) { throw Refusal() })
        XCTAssertTrue(witness.passes.isEmpty)
    }

    func testWithoutAProbeNobodyDescribesTheWork() {
        let context = ForwardContext(Tape(layout: BatchLayout(images: 1)))
        func work() -> LayerWork {
            XCTFail("a description that nobody reads")
            return .other
        }
        XCTAssertTrue(context.layer("same", work(), of: x) { x } === x)
    }

    func testAContextTrainsUnlessToldOtherwise() {
        let context = ForwardContext(Tape(layout: BatchLayout(images: 1)))
        XCTAssertEqual(context.mode, .training)
        XCTAssertEqual(context.statistics, [:])
    }
}
