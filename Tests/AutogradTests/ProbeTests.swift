import Autograd
import TestSupport
import Workers
import XCTest

/// Who looks into a tape sees the work of every layer, forward and backward, and changes nothing.
final class ProbeTests: XCTestCase {
    private final class Diary: Probe {
        var lines: [String] = []
        private var depth = 0

        func begin(_ layer: String, _ phase: PassPhase) {
            lines.append(String(repeating: " ", count: depth) + "\(layer) \(phase)")
            depth += 1
        }

        func end() {
            depth -= 1
            lines.append(String(repeating: " ", count: depth) + "end")
        }
    }

    private struct Refusal: Error {}

    /// The gradient of a small net: two layers, one of two operations, and an operation outside of layers.
    private func gradient(_ probe: (any Probe)?) throws -> [Float] {
        let x = Tensor([1, -2, 3, 4], shape: [2, 2], needsGradient: true)
        let weights = Tensor([0.5, 2], shape: [1, 2], needsGradient: true)
        let bias = Tensor([3], shape: [1], needsGradient: true)
        let tape = Tape(layout: BatchLayout(images: 2), probe: probe)
        let squares = tape.layer("square") { tape.multiply(x, x) }
        let scores = try tape.layer("dense") { try tape.addBias(tape.dense(squares, weights), bias) }
        let output = tape.reshape(scores, to: [2])
        let receiver = SharesReceiver(parameters: [weights, bias])
        try tape.backward(from: output, into: receiver)
        return receiver.sum(of: weights) + receiver.sum(of: bias)
    }

    func testLayersAreSeenForwardAndBackwardAndOtherOperationsBackwardByTheirOwnNames() throws {
        let diary = Diary()
        _ = try gradient(diary)
        XCTAssertEqual(
            diary.lines.filter { $0 != "end" },
            [
                "square forward", "dense forward", "reshape backward", "dense backward", "dense backward",
                "square backward",
            ])
        XCTAssertEqual(diary.lines.filter { $0 == "end" }.count, 6)
    }

    func testLayersWithinLayersEndFirst() {
        let diary = Diary()
        let tape = Tape(layout: BatchLayout(images: 1), probe: diary)
        tape.layer("block") { tape.layer("norm") {} }
        XCTAssertEqual(diary.lines, ["block forward", " norm forward", " end", "end"])
    }

    func testALayerThatFailsEndsToo() {
        let diary = Diary()
        let tape = Tape(layout: BatchLayout(images: 1), probe: diary)
        XCTAssertThrowsError(try tape.layer("norm") { throw Refusal() })
        XCTAssertEqual(diary.lines, ["norm forward", "end"])
    }

    func testGradientsAreTheSameWithoutAProbe() throws {
        // d/dw Σ w·x² = Σ x², and that of the bias is the number of images.
        XCTAssertEqual(try gradient(nil), [1 + 9, 4 + 16, 2])
        XCTAssertEqual(try gradient(Diary()), [1 + 9, 4 + 16, 2])
    }

    func testWithoutAProbeNoNameIsMade() {
        let tape = Tape(layout: BatchLayout(images: 1))
        func name() -> String {
            XCTFail("a name that nobody reads")
            return ""
        }
        XCTAssertEqual(tape.layer(name()) { 3 }, 3)
    }
}
