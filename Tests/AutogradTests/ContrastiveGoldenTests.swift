import Autograd
import TestSupport
import Workers
import XCTest

/// The loss of pairs of views against PyTorch's, however the rows are spread over workers and ranks.
final class ContrastiveGoldenTests: XCTestCase {
    private let cases = ["few", "several", "one", "sharp"].map { "loss.\($0)" }

    func testLossAndGradientOnOneRank() throws {
        let golden = try Golden("contrastive")
        for name in cases {
            let rows = try golden.tensor("\(name).rows", needsGradient: true)
            let count = rows.shape[0]
            for counts in [[count], [1, 0, count - 1]] {
                let tape = Tape(layout: BatchLayout(imageCounts: counts))
                let unit = tape.unitRows(rows)
                let entropy = try loss(tape, unit, among: unit, first: 0, name)
                // A pair that is alone has no loss: what is expected of it is zero.
                let scale = name.hasSuffix("one") ? 1.0 : nil
                let expected = try golden.floats("\(name).loss")
                assertClose(entropy.loss.array, expected, tolerance: 1e-6, scale: scale, name)
                XCTAssertEqual(entropy.workerLossSums.count, counts.count)
                assertClose(
                    [entropy.workerLossSums.reduce(0, +) / Double(count)], expected.map(Double.init), tolerance: 1e-6,
                    scale: scale, name)
                XCTAssertEqual(entropy.nearestPartners, try golden.integers("\(name).nearestPartners")[0], name)
                let gradient = try tape.gradients(of: entropy.loss, for: [rows])[0]
                assertClose(
                    gradient.array, try golden.floats("\(name).rowsGradient"), scale: scale,
                    "\(name), \(counts)")
            }
        }
    }

    func testARankThatSeesOnlySomeRowsHasTheBitsOfOneThatSeesAll() throws {
        let golden = try Golden("contrastive")
        for name in cases {
            let rows = try golden.tensor("\(name).rows", needsGradient: true)
            let (count, columns) = (rows.shape[0], rows.shape[1])
            let whole = try gradients(of: rows, first: 0, layout: BatchLayout(images: count), name)
            for cut in 0...count {
                let parts = try [0..<cut, cut..<count].map { part in
                    let own = Tensor(
                        Array(rows.array[part.lowerBound * columns..<part.upperBound * columns]),
                        shape: [part.count, columns], needsGradient: true)
                    return try gradients(
                        of: own, first: part.lowerBound,
                        layout: BatchLayout(imageCounts: [part.count], globalImages: count), name)
                }
                assertSameBits(parts.flatMap(\.gradient), whole.gradient, "\(name) cut at \(cut)")
                XCTAssertEqual(parts.reduce(0) { $0 + $1.nearest }, whole.nearest)
            }
        }
    }

    func testItsBackwardPassIsNotDifferentiable() throws {
        let rows = randomTensor([4, 3], 1, needsGradient: true)
        let tape = Tape(layout: BatchLayout(images: 4))
        let unit = tape.unitRows(rows)
        let entropy = try tape.contrastiveCrossEntropy(
            unit, among: unit, first: 0, partners: [1, 0, 3, 2], temperature: 0.5)
        XCTAssertThrowsError(try tape.gradients(of: entropy.loss, for: [rows], recording: true)) {
            XCTAssertEqual(
                $0 as? AutogradError, .notTwiceDifferentiable(operation: "contrastive cross-entropy"))
        }
    }

    private func loss(
        _ tape: Tape, _ unit: Tensor, among all: Tensor, first: Int, _ name: String
    ) throws -> ContrastiveCrossEntropy {
        let golden = try Golden("contrastive")
        return try tape.contrastiveCrossEntropy(
            unit, among: all, first: first, partners: try golden.integers("\(name).partners"),
            temperature: try golden.doubles("\(name).temperature")[0])
    }

    /// Of rows that are some of those of a case.
    private func gradients(
        of rows: Tensor, first: Int, layout: BatchLayout, _ name: String
    ) throws -> (gradient: [Float], nearest: Int) {
        let tape = Tape(layout: layout)
        let all = Tape(layout: layout, isRecording: false).unitRows(try Golden("contrastive").tensor("\(name).rows"))
        let entropy = try loss(tape, tape.unitRows(rows), among: all, first: first, name)
        return (try tape.gradients(of: entropy.loss, for: [rows])[0].array, entropy.nearestPartners)
    }
}
