import XCTest

@testable import Tasks

/// Whether embeddings tell the worker that they come from, and neighbours a class.
final class WorkerProbeTests: XCTestCase {
    /// Three workers of two images, two views each.
    private let pairs = ViewPairs(counts: [2, 2, 2])

    private func answers(_ rows: [[Float]], _ pairs: ViewPairs) -> [Bool?] {
        let probe = WorkerProbe(rows.flatMap { $0 }, columns: rows[0].count, pairs)
        return rows.indices.map(probe.isRight)
    }

    func testAMarkOfTheWorkerTellsIt() {
        let marks: [[Float]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        XCTAssertEqual(answers(pairs.workers.map { marks[$0] }, pairs), Array(repeating: true, count: 12))
    }

    func testEqualEmbeddingsTellNothing() {
        XCTAssertEqual(answers(pairs.workers.map { _ in [1, 0] }, pairs), Array(repeating: false, count: 12))
    }

    /// Views of one image are alike and no two images: what the image shows must not tell the worker.
    func testAnImageDoesNotTellItsWorker() {
        let rows = pairs.images.map { image in (0..<6).map { $0 == image ? Float(1) : 0 } }
        XCTAssertEqual(answers(rows, pairs), Array(repeating: false, count: 12))
    }

    func testAWorkerWithoutAnotherImageIsNotAskedFor() {
        let pairs = ViewPairs(counts: [1, 0, 2])
        XCTAssertEqual(
            answers([[1, 0], [1, 0], [0, 1], [0, 1], [0, 1], [0, 1]], pairs), [nil, nil, true, true, true, true])
    }

    /// The second view of image 0 stands with the other worker: the mark of either worker counts, not the image.
    func testShuffledViewsBelongToTheWorkerThatSeesThem() {
        let shuffled = ViewPairs(counts: [2, 2], secondViews: [3, 1, 0, 2])
        XCTAssertEqual(shuffled.images, [0, 1, 3, 1, 2, 3, 0, 2])
        XCTAssertEqual(shuffled.partners, [6, 3, 5, 1, 7, 2, 0, 4])
        XCTAssertEqual(
            answers(shuffled.workers.map { $0 == 0 ? [1, 0] : [0.6, 0.8] }, shuffled), Array(repeating: true, count: 8))
    }

    func testMostNeighboursDecideAndOfEquallyManyTheNearest() {
        let vote = NeighbourVote([1, 0, 0.9, 0.1, 0.8, 0.2, 0, 1], labels: [2, 0, 0, 1], classes: 3)
        XCTAssertEqual([1, 2, 3, 4].map { vote.label(of: [1, 0], neighbours: $0) }, [2, 2, 0, 0])
        XCTAssertEqual(vote.label(of: [0, 1], neighbours: 2), 1)
        XCTAssertNil(vote.label(of: [.nan, 0], neighbours: 3))
    }
}
