import Foundation
import Kernels
import TestSupport
import XCTest

/// The loss of pairs of rows, and its gradient.
final class ContrastiveRowsTests: XCTestCase {
    func testAPairOfItsOwnHasNoLossAndNoGradient() {
        let (anchors, gradients) = evaluate([[1, 0], [0.6, 0.8]], partners: [1, 0], temperature: 0.1)
        XCTAssertEqual(anchors.map(\.loss), [0, 0])
        XCTAssertEqual(anchors.map(\.isNearest), [true, true])
        XCTAssertEqual(gradients, [[0, 0], [0, 0]])
    }

    /// Of n equal rows every other one is as likely to be the partner, and none is nearer than the others.
    func testEqualRowsHaveTheLogarithmOfTheirNumber() {
        for count in [4, 10, 64] {
            let rows = [[Float]](repeating: [0, 1, 0], count: count)
            let (anchors, gradients) = evaluate(rows, partners: neighbours(count), temperature: 0.2)
            for anchor in anchors { XCTAssertEqual(anchor.loss, log(Double(count - 1)), accuracy: 1e-14) }
            XCTAssertFalse(anchors.contains { $0.isNearest })
            // Only what is across the row turns it: nothing, since all point the same way.
            for gradient in gradients { XCTAssertEqual([gradient[0], gradient[2]], [0, 0]) }
        }
    }

    /// Partners that are alike and others at right angles: ℓ = ln(1 + (n − 2)e^(−1/τ)).
    func testPairsAtRightAnglesHaveTheirClosedForm() {
        let rows = (0..<12).map { row in (0..<6).map { $0 == row / 2 ? Float(1) : 0 } }
        for temperature in [0.05, 0.2, 1] {
            let (anchors, _) = evaluate(rows, partners: neighbours(12), temperature: temperature)
            for anchor in anchors {
                XCTAssertEqual(anchor.loss / log1p(10 * exp(-1 / temperature)), 1, accuracy: 1e-6)
                XCTAssertTrue(anchor.isNearest)
            }
        }
    }

    /// Through the division by the length, as in training.
    func testTheGradientIsTheSlopeOfTheReference() {
        for (count, columns, temperature) in [(6, 3, 0.5), (10, 8, 0.2), (8, 19, 1)] {
            let rows = (0..<count).map { randomFloats(columns, UInt64(100 * count + $0), deviation: 2) }
            let partners = (0..<count).map { ($0 + count / 2) % count }
            var unit = rows
            let norms = rows.indices.map { unitRow(rows[$0], columns: columns, into: &unit[$0]) }
            let (anchors, gradients) = evaluate(unit, partners: partners, temperature: temperature)
            let wide = rows.map { $0.map(Double.init) }
            func loss(_ rows: [[Double]]) -> Double {
                referenceContrastiveLoss(
                    of: rows, partners: partners, temperature: temperature, exponential: { exp($0) },
                    logarithm: { log($0) })
            }
            XCTAssertEqual(anchors.reduce(0) { $0 + $1.loss }, loss(wide), accuracy: 1e-5 * abs(loss(wide)))
            for row in rows.indices {
                var gradient = [Float](repeating: 7, count: columns)
                unitRowGradient(
                    of: gradients[row], at: unit[row], norm: norms[row], columns: columns, into: &gradient)
                let slopes = (0..<columns).map { column in
                    let step = 1e-5
                    let (above, below) = (changed(wide, row, column, by: step), changed(wide, row, column, by: -step))
                    return Float((loss(above) - loss(below)) / (2 * step))
                }
                assertClose(gradient, slopes, tolerance: 2e-5, "row \(row) of \(count) × \(columns)")
            }
        }
    }

    func testWhatIsNotANumberIsShownAndNoPartnerIsNearest() {
        for bad in [Float.nan, .infinity] {
            let (anchors, gradients) = evaluate(
                [[1, 0], [0, 1], [bad, 0], [0, 1]], partners: [1, 0, 3, 2], temperature: 0.2)
            XCTAssertTrue(anchors.allSatisfy { $0.loss.isNaN }, "\(anchors)")
            XCTAssertFalse(anchors.contains { $0.isNearest })
            XCTAssertTrue(gradients.allSatisfy { $0.contains { $0.isNaN } })
        }
    }

    func testUnitRowsHaveLengthOneAndZerosStay() {
        for columns in [1, 7, 8, 64, 129] {
            let row = randomFloats(columns, UInt64(columns), deviation: 1e-3)
            let unit = Fenced([Float](repeating: 5, count: columns), fence: 9)
            let norm = unitRow(row, columns: columns, into: unit.pointer)
            XCTAssertEqual(norm, row.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot(), accuracy: 1e-15)
            XCTAssertEqual(unit.values.reduce(0) { $0 + Double($1) * Double($1) }, 1, accuracy: 1e-6)
            XCTAssertTrue(unit.fenceStands)
        }
        var (unit, gradient) = ([Float](repeating: 5, count: 9), [Float](repeating: 5, count: 9))
        let zeros = [Float](repeating: 0, count: 9)
        XCTAssertEqual(unitRow(zeros, columns: 9, into: &unit), 0)
        XCTAssertEqual(unit, zeros)
        unitRowGradient(of: randomFloats(9, 1), at: unit, norm: 0, columns: 9, into: &gradient)
        XCTAssertEqual(gradient, zeros)
    }

    /// 1, 0, 3, 2, …
    private func neighbours(_ count: Int) -> [Int] { (0..<count).map { $0 ^ 1 } }

    private func changed(_ rows: [[Double]], _ row: Int, _ column: Int, by step: Double) -> [[Double]] {
        var rows = rows
        rows[row][column] += step
        return rows
    }

    /// Of all rows.
    private func evaluate(
        _ rows: [[Float]], partners: [Int], temperature: Double
    ) -> (anchors: [ContrastiveRows.Anchor], gradients: [[Float]]) {
        let columns = rows[0].count
        return rows.flatMap { $0 }.withUnsafeBufferPointer { values in
            guard let start = values.baseAddress else { return ([], []) }
            let contrast = ContrastiveRows(start, columns: columns, partners: partners, temperature: temperature)
            let anchors = rows.indices.map(contrast.anchor)
            let gradients = rows.indices.map { row in
                let gradient = Fenced([Float](repeating: 5, count: columns), fence: 9)
                contrast.gradient(row, logSums: anchors.map(\.logSum), factor: 1, into: gradient.pointer)
                XCTAssertTrue(gradient.fenceStands)
                return gradient.values
            }
            return (anchors, gradients)
        }
    }
}
