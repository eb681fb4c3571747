import MPI
import XCTest

final class BroadcastTests: MPITestCase {
    func testEveryRankCanBeTheRoot() throws {
        for root in 0..<world.size {
            XCTAssertEqual(try world.broadcast(Double(world.rank) + 0.5, root: root), Double(root) + 0.5)
        }
    }

    func testBufferIsOverwrittenByTheRoots() throws {
        let root = world.size - 1
        var values = (0..<100).map { Float(world.rank * 100 + $0) }
        try values.withUnsafeMutableBufferPointer { try world.broadcast($0, root: root) }
        XCTAssertEqual(values, (0..<100).map { Float(root * 100 + $0) })
    }

    func testArraysOfOtherRanksMayHaveOtherLengths() throws {
        let root = world.size - 1
        let values = [Int64](repeating: Int64(world.rank), count: 3 * world.rank + 2)
        XCTAssertEqual(
            try world.broadcast(values, root: root), [Int64](repeating: Int64(root), count: 3 * root + 2))
        XCTAssertEqual(try world.broadcast(world.rank == 0 ? [] : [1.5], root: 0), [])
    }

    func testTextKeepsItsLetters() throws {
        let text = world.rank == 0 ? "Müller 平均 \u{0} end" : "something else"
        XCTAssertEqual(try world.broadcast(text, root: 0), "Müller 平均 \u{0} end")
    }
}
