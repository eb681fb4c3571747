import Kernels
import XCTest

@testable import Tasks

/// Whether features tell the worker that they come from.
final class WorkerProbeTests: XCTestCase {
    /// Three workers of two images, two views each.
    private let pairs = ViewPairs(counts: [2, 2, 2])

    private func step(_ pairs: ViewPairs, _ features: (_ row: Int) -> [Float]) -> WorkerViews {
        let rows = (0..<pairs.count).map(features)
        return WorkerViews(
            rows.flatMap { $0 }, columns: rows[0].count, pairs, workers: (pairs.workers.max() ?? 0) + 1)
    }

    /// What a probe that is fitted to steps says of the views of the last one.
    private func answers(_ steps: [WorkerViews]) -> [Bool?] {
        let probe = WorkerProbe(fittedTo: steps.dropLast())
        let last = steps[steps.count - 1]
        return last.all.map { probe.tells($0.worker, $0.place, in: last) }
    }

    /// 1 in one column, 0 in all others.
    private func unit(_ column: Int, of columns: Int) -> [Float] { (0..<columns).map { $0 == column ? 1 : 0 } }

    func testAMarkThatChangesFromStepToStepTellsTheWorker() {
        let steps = (0..<2).map { turn in step(pairs) { unit((pairs.workers[$0] + turn) % 3, of: 3) } }
        XCTAssertEqual(answers(steps), Array(repeating: true, count: 6))
    }

    /// Features whose mean is zero over a worker's images, as batch norm leaves them: each is the others' opposite.
    func testImagesThatRepelEachOtherTellTheWorkerToo() {
        let steps = (0..<2).map { _ in
            step(pairs) { row in unit(pairs.workers[row], of: 3).map { pairs.images[row] % 2 == 0 ? $0 : -$0 } }
        }
        XCTAssertEqual(answers(steps), Array(repeating: true, count: 6))
    }

    func testEqualFeaturesTellNothing() {
        XCTAssertEqual(
            answers((0..<2).map { _ in step(pairs) { _ in [1, 0] } }), Array(repeating: false, count: 6))
    }

    /// Views of one image are alike and no two images: what an image shows must not tell its worker.
    func testAnImageDoesNotTellItsWorker() {
        let steps = (0..<2).map { _ in step(pairs) { unit(pairs.images[$0], of: 6) } }
        XCTAssertEqual(answers(steps), Array(repeating: false, count: 6))
    }

    /// Of 2,400 views without any mark a quarter is told by chance; views of a step are not independent of each other, so
    /// that five times the deviation of independent ones, 0.9%, is allowed.
    func testWithoutAMarkEachWorkerIsEquallyLikely() {
        let pairs = ViewPairs(counts: [3, 3, 3, 3])
        let steps = (0..<240).map { number in
            var generator = SeededGenerator(seed: 1, for: "features", number)
            return step(pairs) { _ in (0..<6).map { _ in Float(1 + generator.nextNormal()) } }
        }
        let probe = WorkerProbe(fittedTo: Array(steps.prefix(40)))
        let told = steps.dropFirst(40).flatMap { step in
            step.all.compactMap { probe.tells($0.worker, $0.place, in: step) }
        }
        XCTAssertEqual(told.count, 2400)
        XCTAssertEqual(Double(told.count { $0 }) / 2400, 0.25, accuracy: 0.045)
    }

    func testAWorkerWithoutAnotherImageIsNotAskedFor() {
        let pairs = ViewPairs(counts: [1, 0, 2])
        let steps = (0..<2).map { _ in step(pairs) { unit(pairs.workers[$0], of: 3) } }
        XCTAssertEqual(answers(steps), [nil, true, true])
    }

    func testShuffledSecondViewsHaveTheirPartnersElsewhere() {
        let shuffled = ViewPairs(counts: [2, 2], secondViews: [3, 1, 0, 2])
        XCTAssertEqual(shuffled.images, [0, 1, 3, 1, 2, 3, 0, 2])
        XCTAssertEqual(shuffled.views, [0, 0, 1, 1, 0, 0, 1, 1])
        XCTAssertEqual(shuffled.partners, [6, 3, 5, 1, 7, 2, 0, 4])
        XCTAssertEqual(shuffled.rows(ofWorkers: 1..<2), 4..<8)
    }

    func testMostNeighboursDecideAndOfEquallyManyTheNearest() {
        let vote = NeighbourVote([1, 0, 0.9, 0.1, 0.8, 0.2, 0, 1], labels: [2, 0, 0, 1], classes: 3)
        XCTAssertEqual([1, 2, 3, 4].map { vote.label(of: [1, 0], neighbours: $0) }, [2, 2, 0, 0])
        XCTAssertEqual(vote.label(of: [0, 1], neighbours: 2), 1)
        XCTAssertNil(vote.label(of: [.nan, 0], neighbours: 3))
    }
}
