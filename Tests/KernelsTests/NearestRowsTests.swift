import Kernels
import TestSupport
import XCTest

final class NearestRowsTests: XCTestCase {
    func testTheyAreThoseOfASortedList() {
        for (count, columns, limit) in [(1, 3, 1), (50, 16, 7), (200, 37, 20), (33, 128, 40)] {
            let row = randomFloats(columns, 1)
            let table = (0..<count).map { randomFloats(columns, UInt64(2 + $0)) }
            let products = table.map { other in zip(row, other).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } }
            let sorted = products.indices.sorted { products[$0] > products[$1] }
            let found = NearestRows(
                to: row, in: table.flatMap { $0 }, count: count, columns: columns, limit: limit)
            XCTAssertEqual(found.indices, Array(sorted.prefix(limit)), "\(count) × \(columns), \(limit)")
        }
    }

    func testOfEquallyNearRowsTheFirstComeFirst() {
        let table: [Float] = [1, 2, 1, 2, 2, 1]
        XCTAssertEqual(NearestRows(to: [1], in: table, count: 6, columns: 1, limit: 4).indices, [1, 3, 4, 0])
    }

    func testNothingIsNearToWhatIsNotANumber() {
        XCTAssertEqual(NearestRows(to: [.nan], in: [1, 2], count: 2, columns: 1, limit: 2).indices, [])
        XCTAssertEqual(NearestRows(to: [1], in: [1, .nan, 2], count: 3, columns: 1, limit: 3).indices, [2, 0])
    }
}
