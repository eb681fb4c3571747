import Autograd
import Normalization
import TestSupport
import Workers
import XCTest

/// The gradients of a batch norm outside of training, when its statistics are no sums over workers.
final class ConstantStatisticsTests: XCTestCase {
    private let imageCounts = [2, 0, 3, 1]

    private struct Gradients: Sendable {
        let shares: [[[Float]]]
        let globals: [[[Float]]]
    }

    /// γ's and β's on every rank.
    private func gradients(
        _ statistics: StatisticsGroup, _ mode: ForwardMode, ranks: Int
    ) throws -> [Gradients] {
        let imageCounts = imageCounts
        return try onRanks(ranks) { rank, transport in
            let hosting = Hosting(workers: imageCounts.count, ranks: ranks, rank: rank)
            let norm = ShardedRun.norm(statistics, hosting: hosting, sums: ExactSums(transport))
            norm.running.mean.values.update(repeating: 2)
            norm.running.variance.values.update(repeating: 3)
            let hosted = hosting.hosted
            let first = imageCounts[..<hosted.lowerBound].reduce(0, +)
            let layout = BatchLayout(
                imageCounts: Array(imageCounts[hosted]), firstWorker: hosted.lowerBound,
                globalImages: imageCounts.reduce(0, +))
            let tape = Tape(layout: layout)
            let range = first..<first + layout.images
            let output = try norm(
                ShardedRun.images(range, of: 0), activation: .relu, ForwardContext(tape, mode: mode))
            let parameters = [norm.affine.gamma, norm.affine.beta].compactMap { $0 }
            let receiver = SharesReceiver(parameters: parameters)
            try tape.backward(
                from: output, upstream: ShardedRun.images(range, of: 5, mean: -1), into: receiver)
            return Gradients(
                shares: parameters.map(receiver.workerShares), globals: parameters.map(receiver.globalGradients))
        }
    }

    /// γ and β of a norm over all workers were announced as arriving summed, in every mode.
    func testThoseOfANormOverAllWorkersArriveSummedOverThem() throws {
        for mode in [ForwardMode.evaluation, .batchStatistics] {
            let expected = try gradients(.worker, mode, ranks: 1)[0]
            let alone = try gradients(.world, mode, ranks: 1)[0].globals
            for parameter in [0, 1] {
                let shares = expected.shares[parameter]
                XCTAssertEqual(shares.count, 3)
                let sum = (0..<ShardedRun.channels).map { channel in
                    Float(shares.reduce(0.0) { $0 + Double($1[channel]) })
                }
                assertClose(alone[parameter][0], sum, tolerance: 1e-6, "\(mode)")
            }
            for ranks in 1...4 {
                for rank in try gradients(.world, mode, ranks: ranks) {
                    XCTAssertTrue(rank.shares.allSatisfy(\.isEmpty))
                    for parameter in [0, 1] {
                        XCTAssertEqual(rank.globals[parameter].count, 1)
                        assertSameBits(rank.globals[parameter][0], alone[parameter][0], "\(mode) on \(ranks) ranks")
                    }
                }
            }
        }
    }

    func testThoseOfOtherNormsArriveWorkerByWorker() throws {
        for statistics in [StatisticsGroup.worker, .workers(2), .ghost(2)] {
            for rank in try gradients(statistics, .evaluation, ranks: 2) {
                XCTAssertTrue(rank.globals.allSatisfy(\.isEmpty))
                XCTAssertFalse(rank.shares.contains(where: \.isEmpty))
            }
        }
    }
}
