import XCTest

@testable import Workers

/// How images divide into cells, and cells into rows of statistics.
final class GroupingTests: XCTestCase {
    func testGhostBatchesAreCellsAndRowsAndTheLastMayBeSmaller() {
        let grouping = Grouping(
            layout: BatchLayout(imageCounts: [5, 0, 3]), statistics: .ghost(2), hosting: Hosting(workers: 3))
        XCTAssertEqual(grouping.cells, [0..<2, 2..<4, 4..<5, 5..<7, 7..<8])
        XCTAssertEqual(grouping.rowOfCell, [0, 1, 2, 3, 4])
        XCTAssertEqual(grouping.setOfRow, [0, 0, 0, 2, 2])
        assertApart(grouping)
    }

    func testAWorkersBatchIsOneRowAndAnEmptyOneIsNone() {
        // The second of two ranks hosts workers 2 and 3 of four: its sets are counted from its first worker.
        let grouping = Grouping(
            layout: BatchLayout(imageCounts: [0, 4], firstWorker: 2), statistics: .worker,
            hosting: Hosting(workers: 4, ranks: 2, rank: 1))
        XCTAssertEqual(grouping.cells, [0..<4])
        XCTAssertEqual(grouping.rowOfCell, [0])
        XCTAssertEqual(grouping.setOfRow, [1])
        assertApart(grouping)
    }

    func testAllWorkersOfTheWorldShareOneRowAlsoWhereARankHasNoImages() {
        for (rank, counts) in [[2, 3], [0], [4]].enumerated() {
            let hosting = Hosting(workers: 4, ranks: 3, rank: rank)
            let grouping = Grouping(
                layout: BatchLayout(imageCounts: counts, firstWorker: hosting.hosted.lowerBound), statistics: .world,
                hosting: hosting)
            XCTAssertEqual(grouping.cells, [[0..<2, 2..<5], [], [0..<4]][rank])
            XCTAssertEqual(grouping.rowOfCell, grouping.cells.map { _ in 0 })
            XCTAssertEqual(grouping.setOfRow, [0])
            XCTAssertTrue(grouping.joinsWorkers)
            XCTAssertEqual(grouping.spanningRows, 1)
            XCTAssertEqual(grouping.placeOfRow, [0])
            XCTAssertEqual(grouping.placeCount, 1)
        }
    }

    func testTheWorldOfOneRankSpansNothing() {
        let grouping = Grouping(
            layout: BatchLayout(imageCounts: [2, 0, 3]), statistics: .world, hosting: Hosting(workers: 3))
        XCTAssertEqual(grouping.rowOfCell, [0, 0])
        XCTAssertTrue(grouping.joinsWorkers)
        XCTAssertEqual(grouping.spanningRows, 0)
        XCTAssertEqual(grouping.placeCount, 1)
    }

    /// Twelve workers on five ranks live 3, 3, 2, 2, 2; of the nodes of three, those of workers 6 to 8 and 9 to 11 span
    /// ranks.
    func testNodesThatSpanRanksComeFirstInTheMessageOfEveryRank() {
        let expected: [(rows: [Int], sets: Int, places: [Int], placeCount: Int)] = [
            ([0, 0, 0], 1, [2], 3), ([0, 0, 0], 1, [2], 3), ([0, 0], 1, [0], 2), ([0, 1], 2, [0, 1], 2),
            ([0, 0], 1, [1], 2),
        ]
        for (rank, expected) in expected.enumerated() {
            let hosting = Hosting(workers: 12, ranks: 5, rank: rank)
            let grouping = Grouping(
                layout: BatchLayout(imageCounts: hosting.hosted.map { _ in 1 }, firstWorker: hosting.hosted.lowerBound),
                statistics: .workers(3), hosting: hosting)
            XCTAssertEqual(grouping.rowOfCell, expected.rows, "rank \(rank)")
            XCTAssertEqual(grouping.setOfRow, Array(0..<expected.sets), "rank \(rank)")
            XCTAssertEqual(grouping.spanningRows, 2)
            XCTAssertEqual(grouping.placeOfRow, expected.places, "rank \(rank)")
            XCTAssertEqual(grouping.placeCount, expected.placeCount, "rank \(rank)")
        }
    }

    func testEveryRowHasAPlaceOfItsOwnAndSpanningRowsTheSameOnEveryRank() {
        for (workers, size) in [(2, 2), (4, 2), (6, 2), (6, 3), (8, 4), (12, 3), (12, 4), (12, 6), (12, 12)] {
            for ranks in 1...workers {
                let spanning = (0..<workers / size).filter {
                    Hosting(workers: workers, ranks: ranks, rank: 0).spansRanks($0 * size..<($0 + 1) * size)
                }
                for rank in 0..<ranks {
                    let hosting = Hosting(workers: workers, ranks: ranks, rank: rank)
                    let hosted = hosting.hosted
                    let grouping = Grouping(
                        layout: BatchLayout(imageCounts: hosted.map { _ in 2 }, firstWorker: hosted.lowerBound),
                        statistics: .workers(size), hosting: hosting)
                    let nodes = Array(Set(hosted.map { $0 / size })).sorted()
                    XCTAssertEqual(grouping.rowCount, nodes.count)
                    XCTAssertEqual(grouping.rowOfCell.map { nodes[$0] }, hosted.map { $0 / size })
                    for (row, node) in nodes.enumerated() {
                        let place = grouping.placeOfRow[row]
                        XCTAssertEqual(place < spanning.count ? spanning[place] : nil, spanning.first { $0 == node })
                    }
                    XCTAssertEqual(Set(grouping.placeOfRow).count, nodes.count)
                    XCTAssertTrue(grouping.placeOfRow.allSatisfy { $0 < grouping.placeCount })
                    let elsewhere = spanning.count { !nodes.contains($0) }
                    XCTAssertEqual(grouping.placeCount, nodes.count + elsewhere)
                }
            }
        }
    }

    func testCellsMayBeKeptApartOrTogether() {
        let apart = Grouping(apart: [0..<2, 2..<3], sets: [4, 1])
        XCTAssertEqual(apart.rowOfCell, [0, 1])
        XCTAssertEqual(apart.setOfRow, [4, 1])
        assertApart(apart)
        XCTAssertEqual(Grouping(apart: [0..<2, 2..<3]).setOfRow, [0, 0])
        let together = Grouping(together: [0..<2, 2..<3])
        XCTAssertEqual(together.rowOfCell, [0, 0])
        XCTAssertEqual(together.setOfRow, [0])
        XCTAssertFalse(together.joinsWorkers)
        XCTAssertEqual(Grouping(together: []).rowCount, 1)
    }

    private func assertApart(_ grouping: Grouping, line: UInt = #line) {
        XCTAssertFalse(grouping.joinsWorkers, line: line)
        XCTAssertEqual(grouping.spanningRows, 0, line: line)
        XCTAssertEqual(grouping.rowCount, grouping.cells.count, line: line)
        XCTAssertEqual(grouping.placeOfRow, Array(grouping.cells.indices), line: line)
        XCTAssertEqual(grouping.placeCount, grouping.cells.count, line: line)
    }
}
