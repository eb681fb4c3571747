import Workers
import XCTest

final class HostingTests: XCTestCase {
    func testEarlierRanksHostOneWorkerMoreWhereTheyDoNotDivide() {
        let blocks: [(workers: Int, ranks: [Range<Int>])] = [
            (1, [0..<1]), (4, [0..<4]), (4, [0..<2, 2..<4]), (4, [0..<2, 2..<3, 3..<4]), (5, [0..<2, 2..<4, 4..<5]),
            (12, [0..<3, 3..<6, 6..<8, 8..<10, 10..<12]),
        ]
        for (workers, ranges) in blocks {
            for (rank, range) in ranges.enumerated() {
                let hosting = Hosting(workers: workers, ranks: ranges.count, rank: rank)
                XCTAssertEqual(hosting.hosted, range)
                XCTAssertEqual(ranges.indices.map(hosting.block(ofRank:)), ranges)
            }
        }
        XCTAssertEqual(Hosting(workers: 7).hosted, 0..<7)
    }

    func testEveryWorkerHasOneRankAndBlocksDifferByOne() {
        for workers in 1...40 {
            for ranks in 1...workers {
                let hosting = Hosting(workers: workers, ranks: ranks, rank: 0)
                let blocks = (0..<ranks).map(hosting.block(ofRank:))
                XCTAssertEqual(blocks.flatMap(Array.init), Array(0..<workers))
                XCTAssertTrue(
                    blocks.allSatisfy { (workers / ranks...(workers + ranks - 1) / ranks).contains($0.count) })
            }
        }
    }

    func testWorkersSpanRanksWhereNoRankHostsThemAll() {
        // Blocks 0, 1 | 2 | 3.
        let hosting = Hosting(workers: 4, ranks: 3, rank: 1)
        for range in [0..<1, 0..<2, 1..<2, 2..<3, 3..<4] { XCTAssertFalse(hosting.spansRanks(range), "\(range)") }
        for range in [0..<3, 1..<3, 2..<4, 0..<4] { XCTAssertTrue(hosting.spansRanks(range), "\(range)") }
        XCTAssertFalse(Hosting(workers: 4).spansRanks(0..<4))
    }
}
