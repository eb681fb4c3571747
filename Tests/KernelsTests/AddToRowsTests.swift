import Kernels
import TestSupport
import XCTest

final class AddToRowsTests: XCTestCase {
    /// Numbers of columns on both sides of a vector of eight.
    func testEveryRowGetsTheSameValues() {
        for columns in [1, 5, 8, 19, 32] {
            let x = randomFloats(7 * columns, 1, mean: 0, deviation: 1)
            let values = randomFloats(columns, 2, mean: 0, deviation: 1)
            let expected = x.indices.map { x[$0] + values[$0 % columns] }
            var y = [Float](repeating: .nan, count: x.count)
            addToRows(x, values, rows: 7, columns: columns, into: &y)
            XCTAssertEqual(y, expected, "\(columns) columns")
            var inPlace = x
            inPlace.withUnsafeMutableBufferPointer { buffer in
                guard let start = buffer.baseAddress else { return }
                addToRows(start, values, rows: 7, columns: columns, into: start)
            }
            XCTAssertEqual(inPlace, expected, "\(columns) columns, in place")
        }
    }
}
