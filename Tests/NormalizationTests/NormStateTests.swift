import Autograd
import Normalization
import Workers
import XCTest

/// What a norm declares: its parameters, and the statistics that a run keeps.
final class NormStateTests: XCTestCase {
    func testABatchNormHasAGainAndAShiftAndRunningStatisticsWithTheirCounts() {
        let norm = BatchNormalization(name: "norm", channels: 5)
        XCTAssertEqual(norm.parameters.map(\.name), ["norm.gamma", "norm.beta"])
        XCTAssertEqual(norm.parameters.map(\.tensor.array), [[1, 1, 1, 1, 1], [0, 0, 0, 0, 0]])
        XCTAssertEqual(norm.state.map(\.name), ["norm.runningMean", "norm.runningVariance", "norm.batchCounts"])
        XCTAssertEqual(norm.state.map(\.shape), [[1, 5], [1, 5], [1]])
        XCTAssertEqual(norm.running.mean.array, [0, 0, 0, 0, 0])
        XCTAssertEqual(norm.running.variance.array, [1, 1, 1, 1, 1])
        XCTAssertEqual(norm.running.batchCounts.values, [0])
        let plain = BatchNormalization(name: "plain", channels: 5, options: .init(affine: false))
        XCTAssertTrue(plain.parameters.isEmpty)
        XCTAssertEqual(plain.state.count, 3)
    }

    func testAGroupNormKeepsNothing() {
        let norm = GroupNormalization(name: "norm", channels: 6, groups: 3)
        XCTAssertEqual(norm.parameters.map(\.name), ["norm.gamma", "norm.beta"])
        XCTAssertTrue(norm.state.isEmpty)
    }

    func testOnlyGradientsOfANormOverAllWorkersArriveSummed() {
        for (group, summed) in [
            (StatisticsGroup.ghost(2), false), (.worker, false), (.workers(4), false), (.world, true),
        ] {
            let norm = BatchNormalization(
                name: "norm", channels: 2, options: .init(statistics: group), hosting: Hosting(workers: 4))
            XCTAssertEqual(norm.parameters.map(\.arrivesSummed), [summed, summed], "\(group)")
        }
        let group = GroupNormalization(name: "norm", channels: 6, groups: 3)
        XCTAssertEqual(group.parameters.map(\.arrivesSummed), [false, false])
    }

    /// Twelve workers on five ranks live 3, 3, 2, 2, 2.
    func testEachRankKeepsTheSetsOfItsWorkers() {
        let placements: [(group: StatisticsGroup, rows: [Range<Int>], total: Int)] = [
            (.worker, [0..<3, 3..<6, 6..<8, 8..<10, 10..<12], 12),
            (.ghost(2), [0..<3, 3..<6, 6..<8, 8..<10, 10..<12], 12),
            (.workers(3), [0..<1, 1..<2, 2..<3, 2..<4, 3..<4], 4),
            (.workers(4), [0..<1, 0..<2, 1..<2, 2..<3, 2..<3], 3),
            (.world, [0..<1, 0..<1, 0..<1, 0..<1, 0..<1], 1),
        ]
        for (group, rows, total) in placements {
            for (rank, rows) in rows.enumerated() {
                let norm = BatchNormalization(
                    name: "norm", channels: 7, options: .init(statistics: group),
                    hosting: Hosting(workers: 12, ranks: 5, rank: rank))
                for (state, rest) in zip(norm.state, [[7], [7], []]) {
                    XCTAssertEqual(
                        state.placement, .rows(first: rows.lowerBound, total: total), "\(group), rank \(rank)")
                    XCTAssertEqual(state.shape, [rows.count] + rest)
                    XCTAssertEqual(state.wholeShape, [total] + rest)
                }
            }
        }
    }
}
