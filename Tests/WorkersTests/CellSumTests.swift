import Kernels
import TestSupport
import XCTest

@testable import Workers

/// Sums over the cells of each row, exactly and in floating point.
final class CellSumTests: XCTestCase {
    private let ways: [@Sendable (any Transport) -> any Sums] = [{ ExactSums($0) }, { FloatingPointSums($0) }]
    private let workers = 12

    /// 12 workers, the worker w having the numbers 2^w and −w/4.
    func testRowsHoldTheSumsOfTheirWorkersOnAnyNumberOfRanks() throws {
        let workers = workers
        for way in ways {
            for size in [2, 3, 4, 6, 12] {
                for ranks in [1, 2, 3, 4, 5, 12] {
                    let outcomes = try onRanks(ranks) { rank, transport in
                        let hosting = Hosting(workers: workers, ranks: ranks, rank: rank)
                        let group: StatisticsGroup = size == workers ? .world : .workers(size)
                        return try CellCase.add(way(transport), as: .activations, group, hosting) { worker in
                            [exp2(Double(worker)), -Double(worker) / 4]
                        }
                    }
                    for (rank, outcome) in outcomes.enumerated() {
                        let hosted = Hosting(workers: workers, ranks: ranks, rank: rank).hosted
                        let nodes = Set(hosted.map { $0 / size }).sorted()
                        let members = nodes.map { node in
                            (node * size..<(node + 1) * size).filter { CellCase.images(of: $0) > 0 }
                        }
                        let rows = members.flatMap { members in
                            [members.reduce(0) { $0 + exp2(Double($1)) }, members.reduce(0) { $0 - Double($1) / 4 }]
                        }
                        XCTAssertEqual(outcome.rows, rows, "nodes of \(size) on \(ranks) ranks")
                        XCTAssertEqual(
                            outcome.counts, members.map { $0.reduce(0) { $0 + 10 * CellCase.images(of: $1) } })
                    }
                }
            }
        }
    }

    func testRowsInsideAWorkerAreItsCellsAndNeedNoMessage() throws {
        for way in ways {
            let counter = MessageCounter()
            let hosting = Hosting(workers: 4, ranks: 2, rank: 1)
            let outcome = try CellCase.add(way(counter), as: .activations, .worker, hosting) { [Double($0), .nan] }
            XCTAssertEqual(outcome.rows.map { $0.isNaN ? -1 : $0 }, [2, -1, 3, -1])
            XCTAssertEqual(outcome.counts, [30, 40])
            XCTAssertEqual(counter.sizes, [])
        }
    }

    /// Twelve workers on five ranks: two of the four nodes of three span ranks.
    func testAMessageHoldsTheSpanningRowsAlone() throws {
        let hosting = Hosting(workers: 12, ranks: 5, rank: 0)
        let sizes = try ways.map { way in
            let counter = MessageCounter()
            _ = try CellCase.add(way(counter), as: .activations, .workers(3), hosting) { _ in [1, 2] }
            _ = try CellCase.add(way(counter), as: .gradients, .workers(3), hosting) { _ in [1, 2] }
            XCTAssertEqual(counter.purposes, ["a layer", "a layer"])
            return counter.sizes
        }
        // A count, and three digits of an activation's or six of a gradient's number.
        XCTAssertEqual(sizes, [[2 * (1 + 2 * 3), 2 * (1 + 2 * 6)], [2 * (1 + 2), 2 * (1 + 2)]])
        let counter = MessageCounter()
        _ = try CellCase.add(ExactSums(counter), as: .gradients, .workers(3), Hosting(workers: 12)) { _ in [1, 2] }
        XCTAssertEqual(counter.sizes, [], "one rank has nobody to ask")
    }

    /// Alternating signs at very different magnitudes: sums in Double depend on their order.
    func testExactSumsHaveTheSameBitsOnAnyNumberOfRanks() throws {
        let workers = workers
        func rows(_ ranks: Int) throws -> [[UInt64]] {
            try onRanks(ranks) { rank, transport in
                let hosting = Hosting(workers: workers, ranks: ranks, rank: rank)
                return try CellCase.add(ExactSums(transport), as: .gradients, .world, hosting) { worker in
                    let value = exp2(Double(worker * 17 % 60)) / 3
                    return [worker % 2 == 0 ? value : -value, 1 / value]
                }.rows.map(\.bitPattern)
            }
        }
        let alone = try rows(1)[0]
        for ranks in [2, 3, 4, 5, 12] {
            XCTAssertEqual(try rows(ranks), Array(repeating: alone, count: ranks), "\(ranks) ranks")
        }
    }

    func testWhatCannotBeSummedLosesItsRowOnEveryRankButNotItsCount() throws {
        let workers = workers
        // 2⁷² is too large for a moment of activations, and nothing for a gradient.
        let cases: [(bad: Double, format: FixedPointSum, isLost: Bool)] = [
            (.nan, .activations, true), (.infinity, .gradients, true), (0x1p72, .activations, true),
            (0x1p72, .gradients, false), (0x1p128, .gradients, true),
        ]
        for (bad, format, isLost) in cases {
            let outcomes = try onRanks(3) { rank, transport in
                try CellCase.add(
                    ExactSums(transport), as: format, .workers(6), Hosting(workers: workers, ranks: 3, rank: rank)
                ) { $0 == 5 ? [1, bad] : [1, 1] }
            }
            // Node 0 lives on ranks 0 and 1, node 1 on 1 and 2.
            XCTAssertEqual(outcomes[0].rows.map(\.isNaN), [isLost, isLost], "\(bad)")
            XCTAssertEqual(outcomes[1].rows.map(\.isNaN), [isLost, isLost, false, false], "\(bad)")
            XCTAssertEqual(outcomes[2].rows, [4, 4], "\(bad)")
            let counts = [0..<6, 6..<12].map { $0.reduce(0) { $0 + 10 * CellCase.images(of: $1) } }
            XCTAssertEqual(outcomes.map(\.counts), [[counts[0]], counts, [counts[1]]], "\(bad)")
        }
    }
}
