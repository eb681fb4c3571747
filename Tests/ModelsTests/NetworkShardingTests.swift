import Autograd
import Kernels
import Models
import Normalization
import TestSupport
import XCTest

/// A run is a function of its configuration, never of how many ranks executed it.
final class NetworkShardingTests: XCTestCase {
    private static let twelveWorkers = [1, 0, 2, 1, 0, 0, 0, 1, 1, 0, 0, 2]

    func testTwoTrainingStepsGiveTheSameBitsOnAnyNumberOfRanks() throws {
        for statistics in [StatisticsGroup.world, .workers(3), .worker, .ghost(1)] {
            try checkBits(.batch(BatchNormalization.Options(statistics: statistics)))
        }
        try checkBits(.group(groups: 8, epsilon: 1e-5, affine: true))
        try checkBits(.none)
    }

    /// The second of three ranks hosts workers 1 and 2, who have no images.
    func testARankWithoutImagesTakesPart() throws {
        let counts = [3, 0, 0, 2]
        for (_, choice) in goldenChoices {
            let alone = try Self.train(choice, counts, ranks: 1)[0]
            for (rank, outcome) in try Self.train(choice, counts, ranks: 4).enumerated() {
                assertSameBits(outcome.weights, alone.weights, "\(choice), rank \(rank)")
            }
        }
        let wholeBatch = try Self.train(goldenChoices[0].choice, [5], ranks: 1)[0]
        let sharded = try Self.train(goldenChoices[0].choice, counts, ranks: 4)[0]
        assertClose(sharded.weights, wholeBatch.weights, "the whole batch at once")
    }

    private func checkBits(_ choice: NormalizationChoice) throws {
        let alone = try Self.train(choice, Self.twelveWorkers, ranks: 1)[0]
        XCTAssertTrue(alone.weights.allSatisfy(\.isFinite))
        for ranks in [2, 3, 4, 12] {
            let outcomes = try Self.train(choice, Self.twelveWorkers, ranks: ranks)
            for (rank, outcome) in outcomes.enumerated() {
                assertSameBits(outcome.weights, alone.weights, "\(choice), rank \(rank) of \(ranks)")
            }
            XCTAssertEqual(outcomes.flatMap(\.losses), alone.losses, "\(choice) on \(ranks) ranks")
        }
    }

    private struct Outcome: Sendable {
        let losses: [Double]
        let weights: [Float]
    }

    private static func train(_ choice: NormalizationChoice, _ counts: [Int], ranks: Int) throws -> [Outcome] {
        try onRanks(ranks) { rank, reducer in
            let hosting = Hosting(workers: counts.count, ranks: ranks, rank: rank)
            let network = try goldenNetwork(choice, hosting: hosting, reducer: reducer)
            let receiver = FixedPointReceiver(network.parameters, reducer: reducer)
            let first = counts[..<hosting.hosted.lowerBound].reduce(0, +)
            let layout = BatchLayout(
                imageCounts: Array(counts[hosting.hosted]), firstWorker: hosting.hosted.lowerBound,
                globalImages: counts.reduce(0, +))
            var losses: [Double] = []
            for step in 0..<2 {
                let images = first..<first + layout.images
                let pixels = images.flatMap { randomFloats(64, UInt64(100 * step + $0)) }
                let tape = Tape(layout: layout)
                let logits = try network.logits(
                    Tensor(pixels, shape: [images.count, 8, 8, 1]), mode: .training, on: tape)
                let entropy = try tape.crossEntropy(logits, labels: images.map { ($0 * 7 + step) % 10 })
                losses = entropy.workerLossSums
                try tape.backward(from: entropy.loss, into: receiver)
                try receiver.step(rate: 0.05, momentum: 0.9, weightDecay: 1e-4)
            }
            return Outcome(losses: losses, weights: network.parameters.flatMap(\.tensor.array))
        }
    }
}
