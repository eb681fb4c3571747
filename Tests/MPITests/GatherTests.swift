import MPI
import XCTest

final class GatherTests: MPITestCase {
    func testFixedPartsComeInRankOrder() throws {
        let values = [Double(world.rank), Double(world.rank) + 0.25]
        let expected = (0..<world.size).flatMap { [Double($0), Double($0) + 0.25] }
        var everywhere = [Double](repeating: -1, count: 2 * world.size)
        var atRoot = everywhere
        let root = world.size - 1
        try values.withUnsafeBufferPointer { values in
            try everywhere.withUnsafeMutableBufferPointer { try world.allgather(values, into: $0) }
            try atRoot.withUnsafeMutableBufferPointer { try world.gather(values, into: $0, root: root) }
        }
        XCTAssertEqual(everywhere, expected)
        XCTAssertEqual(atRoot, world.rank == root ? expected : [Double](repeating: -1, count: 2 * world.size))
    }

    func testPartsOfKnownUnevenLengthsComeInRankOrder() throws {
        let counts = (0..<world.size).map { ($0 + 1) % 3 }
        let values = [Float](repeating: Float(world.rank), count: counts[world.rank])
        let expected = counts.enumerated().flatMap { [Float](repeating: Float($0), count: $1) }
        var everywhere = [Float](repeating: -1, count: expected.count)
        var atRoot = everywhere
        try values.withUnsafeBufferPointer { values in
            try everywhere.withUnsafeMutableBufferPointer { try world.allgather(values, into: $0, counts: counts) }
            try atRoot.withUnsafeMutableBufferPointer {
                try world.gather(values, into: $0, counts: counts, root: 0)
            }
        }
        XCTAssertEqual(everywhere, expected)
        if world.rank == 0 { XCTAssertEqual(atRoot, expected) }
    }

    func testArraysOfUnknownLengthsKeepTheirRank() throws {
        // Rank 0 passes an empty one.
        let bytes = [UInt8](repeating: UInt8(world.rank), count: 5 * world.rank)
        let expected = (0..<world.size).map { [UInt8](repeating: UInt8($0), count: 5 * $0) }
        XCTAssertEqual(try world.allgather(bytes), expected)
        for root in 0..<world.size {
            XCTAssertEqual(try world.gather(bytes, root: root), world.rank == root ? expected : nil)
        }
    }

    func testTextsKeepTheirRank() throws {
        let text = String(repeating: "ü", count: world.rank)
        let expected = (0..<world.size).map { String(repeating: "ü", count: $0) }
        XCTAssertEqual(try world.allgather(text), expected)
        XCTAssertEqual(try world.gather(text, root: 0), world.rank == 0 ? expected : nil)
    }
}
