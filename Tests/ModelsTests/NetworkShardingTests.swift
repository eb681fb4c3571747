import Autograd
import TestSupport
import Workers
import XCTest

/// A run is a function of its configuration, never of how many ranks executed it.
final class NetworkShardingTests: XCTestCase {
    private static let twelveWorkers = [1, 0, 2, 1, 0, 0, 0, 1, 1, 0, 0, 2]

    func testTwoTrainingStepsGiveTheSameBitsOnAnyNumberOfRanks() throws {
        for statistics in [StatisticsGroup.world, .workers(3), .worker, .ghost(1)] {
            try checkBits("batch", statistics)
        }
        try checkBits("gn")
        try checkBits("none")
    }

    /// The second of three ranks hosts workers 1 and 2, who have no images.
    func testARankWithoutImagesTakesPart() throws {
        let counts = [3, 0, 0, 2]
        for (_, norm) in goldenNorms {
            let alone = try Self.train(norm, counts, ranks: 1)[0]
            for (rank, outcome) in try Self.train(norm, counts, ranks: 4).enumerated() {
                assertSameBits(outcome.weights, alone.weights, "\(norm), rank \(rank)")
            }
        }
        let wholeBatch = try Self.train("syncbn", [5], ranks: 1)[0]
        let sharded = try Self.train("syncbn", counts, ranks: 4)[0]
        assertClose(sharded.weights, wholeBatch.weights, "the whole batch at once")
    }

    private func checkBits(_ norm: String, _ statistics: StatisticsGroup? = nil) throws {
        let alone = try Self.train(norm, over: statistics, Self.twelveWorkers, ranks: 1)[0]
        let what = "\(norm) over \(statistics?.rawValue ?? "its own")"
        XCTAssertTrue(alone.weights.allSatisfy(\.isFinite))
        for ranks in [2, 3, 4, 12] {
            let outcomes = try Self.train(norm, over: statistics, Self.twelveWorkers, ranks: ranks)
            for (rank, outcome) in outcomes.enumerated() {
                assertSameBits(outcome.weights, alone.weights, "\(what), rank \(rank) of \(ranks)")
            }
            XCTAssertEqual(outcomes.flatMap(\.losses), alone.losses, "\(what) on \(ranks) ranks")
        }
    }

    private struct Outcome: Sendable {
        let losses: [Double]
        let weights: [Float]
    }

    private static func train(
        _ name: String, over statistics: StatisticsGroup? = nil, _ counts: [Int], ranks: Int
    ) throws -> [Outcome] {
        try onRanks(ranks) { rank, transport in
            let sums = ExactSums(transport)
            let hosting = Hosting(workers: counts.count, ranks: ranks, rank: rank)
            let network = try goldenNetwork(norm(name, over: statistics), hosting: hosting, sums: sums)
            let receiver = SummingReceiver(network.parameters, sums: sums)
            let first = counts[..<hosting.hosted.lowerBound].reduce(0, +)
            let layout = BatchLayout(
                imageCounts: Array(counts[hosting.hosted]), firstWorker: hosting.hosted.lowerBound,
                globalImages: counts.reduce(0, +))
            var losses: [Double] = []
            for step in 0..<2 {
                let images = first..<first + layout.images
                let pixels = images.flatMap { randomFloats(64, UInt64(100 * step + $0)) }
                let tape = Tape(layout: layout)
                let logits = try network(Tensor(pixels, shape: [images.count, 8, 8, 1]), ForwardContext(tape))
                let entropy = try tape.crossEntropy(logits, labels: images.map { ($0 * 7 + step) % 10 })
                losses = entropy.workerLossSums
                try tape.backward(from: entropy.loss, into: receiver)
                try receiver.step(rate: 0.05, momentum: 0.9, weightDecay: 1e-4)
            }
            return Outcome(losses: losses, weights: network.parameters.flatMap(\.tensor.array))
        }
    }
}
