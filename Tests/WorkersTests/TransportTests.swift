import TestSupport
import Workers
import XCTest

/// A transport that can only add can gather as well.
final class TransportTests: XCTestCase {
    func testEveryRankGetsTheBitsOfAllRanksInTheirOrder() throws {
        let values: [[Float]] = [[1, -0.0], [], [.nan, .infinity, -.leastNonzeroMagnitude], [3.5]]
        let gathered = try onRanks(4) { rank, transport in
            var all = [Float](repeating: 7, count: 6)
            try values[rank].withUnsafeBufferPointer { values in
                try all.withUnsafeMutableBufferPointer {
                    try transport.gather(values, into: $0, counts: [2, 0, 3, 1], rank: rank, for: "values")
                }
            }
            return all
        }
        for all in gathered { assertSameBits(all, values.flatMap { $0 }, "gathered") }
    }

    func testARankThatIsAloneGetsItsOwn() throws {
        var all: [Float] = [0, 0]
        try [Float(1), 2].withUnsafeBufferPointer { values in
            try all.withUnsafeMutableBufferPointer {
                try SingleRank().gather(values, into: $0, counts: [2], rank: 0, for: "values")
            }
        }
        XCTAssertEqual(all, [1, 2])
    }
}
