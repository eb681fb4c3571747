import Autograd
import Kernels
import Normalization
import TestSupport
import Workers
import XCTest

/// Statistics over workers on several ranks, which are threads here.
final class ShardingTests: XCTestCase {
    private let twelveWorkers = [2, 0, 3, 1, 0, 0, 4, 2, 1, 0, 0, 5]

    func testSynchronisedStatisticsOverUnevenAndEmptyShardsAreThoseOfTheWholeBatch() throws {
        for activation in [Activation.identity, .relu, .leakyReLU(slope: 0.2)] {
            let whole = try ShardedRun(.world, imageCounts: [9], activation: activation)
            for (ranks, counts) in [
                (1, [3, 0, 5, 1]), (2, [3, 0, 5, 1]), (3, [3, 0, 5, 1]), (4, [3, 0, 5, 1]), (4, [9, 0, 0, 0]),
                (3, [0, 1, 1, 1, 0, 6]),
            ] {
                let sharded = try ShardedRun(.world, imageCounts: counts, ranks: ranks, activation: activation)
                assertEqual(sharded, whole, "\(counts) on \(ranks) ranks, \(activation)")
            }
        }
    }

    func testEveryBitIsTheSameOnAnyNumberOfRanks() throws {
        let groups: [StatisticsGroup] = [
            .world, .workers(2), .workers(3), .workers(4), .workers(6), .worker, .ghost(2),
        ]
        for statistics in groups {
            let alone = try ShardedRun(statistics, imageCounts: twelveWorkers)
            for ranks in [2, 3, 4, 5, 12] {
                let sharded = try ShardedRun(statistics, imageCounts: twelveWorkers, ranks: ranks)
                let what = "\(statistics) on \(ranks) ranks"
                assertSameBits(sharded.output, alone.output, "\(what): output")
                assertSameBits(sharded.inputGradient, alone.inputGradient, "\(what): input gradient")
                for (gradient, expected) in zip(sharded.parameterGradients, alone.parameterGradients) {
                    assertSameBits(gradient, expected, "\(what): parameter gradient")
                }
                assertSameBits(sharded.running.flatMap { $0 }, alone.running.flatMap { $0 }, "\(what): running")
            }
        }
    }

    /// Four workers on three ranks live 2, 1, 1: the second node spans two ranks.
    func testANodeOfWorkersIsOneBatchWhereverItsWorkersLive() throws {
        let counts = [2, 1, 3, 2]
        for ranks in 1...4 {
            let sharded = try ShardedRun(.workers(2), imageCounts: counts, ranks: ranks)
            try assertBlocks(sharded, [0..<3, 3..<8], sets: [0, 1], "workers:2 on \(ranks) ranks")
        }
        for ranks in 1...4 {
            let sharded = try ShardedRun(.workers(3), imageCounts: [1, 0, 1, 0, 0, 0, 2, 2, 0], ranks: ranks)
            try assertBlocks(sharded, [0..<2, 2..<6], sets: [0, 2], "workers:3 on \(ranks) ranks")
            XCTAssertEqual(sharded.running[1], ShardedRun.untouched, "a node without images")
        }
    }

    func testStatisticsOfAWorkerAreItsOwn() throws {
        let sharded = try ShardedRun(.worker, imageCounts: [3, 0, 2], ranks: 2)
        try assertBlocks(sharded, [0..<3, 3..<5], sets: [0, 2], "worker")
        XCTAssertEqual(sharded.running[1], ShardedRun.untouched, "a worker without images")
    }

    /// Each ghost batch is normalised apart; the worker's running statistics take them one after another.
    func testGhostBatchesAreBatchesOfTheirOwnAndTheLastMayBeSmaller() throws {
        let sharded = try ShardedRun(.ghost(2), imageCounts: [5, 0, 3], ranks: 2)
        try assertBlocks(
            sharded, [0..<2, 2..<4, 4..<5, 5..<7, 7..<8], sets: [0, 0, 0, 2, 2], "ghost:2")
    }

    func testALossTimesAPowerOfTwoGivesTheSameBitsOfAllGradientsUpToThatPower() throws {
        for statistics in [StatisticsGroup.world, .workers(3), .worker, .ghost(2)] {
            let plain = try ShardedRun(statistics, imageCounts: twelveWorkers)
            for (exponent, ranks) in [(-60, 1), (-60, 3), (-31, 2), (-1, 4), (1, 12), (17, 1), (60, 1), (60, 5)] {
                let factor = Float(sign: .plus, exponent: exponent, significand: 1)
                let scaled = try ShardedRun(statistics, imageCounts: twelveWorkers, ranks: ranks, lossFactor: factor)
                let what = "\(statistics), 2^\(exponent)"
                assertSameBits(scaled.output, plain.output, what)
                assertSameBits(scaled.inputGradient, plain.inputGradient.map { factor * $0 }, what)
                for (gradient, expected) in zip(scaled.parameterGradients, plain.parameterGradients) {
                    assertSameBits(gradient, expected.map { factor * $0 }, what)
                }
            }
        }
    }

    func testOneMessageForwardAndOneBackward() throws {
        final class Counter: Transport {
            var messages: [Int] = []
            var purposes: [String] = []
            func sum(_ values: UnsafeMutableBufferPointer<Int64>, for purpose: String) {
                messages.append(values.count)
                purposes.append(purpose)
            }
            func sum(_ values: UnsafeMutableBufferPointer<Double>, for purpose: String) { XCTFail(purpose) }
            func sum(_ values: UnsafeMutableBufferPointer<Float>, for purpose: String) { XCTFail(purpose) }
        }
        for (statistics, messages) in [(StatisticsGroup.world, 1), (.workers(2), 1), (.worker, 0), (.ghost(1), 0)] {
            let counter = Counter()
            // As if the other rank had no images.
            let hosting = Hosting(workers: 4, ranks: 3, rank: 1)
            let norm = ShardedRun.norm(statistics, hosting: hosting, sums: ExactSums(counter))
            let tape = Tape(layout: BatchLayout(imageCounts: [2], firstWorker: 2))
            let x = ShardedRun.images(0..<2, of: 0)
            let y = try norm(x, ForwardContext(tape))
            XCTAssertEqual(counter.messages.count, messages, "\(statistics)")
            _ = try tape.gradients(of: y, for: [x])
            XCTAssertEqual(counter.messages.count, 2 * messages, "\(statistics)")
            // A count, and of each channel two sums: three digits each of activations, six of gradients.
            let sizes = [6 * ShardedRun.channels + 1, 12 * ShardedRun.channels + 1]
            XCTAssertEqual(counter.messages, messages == 1 ? sizes : [], "\(statistics)")
            XCTAssertEqual(counter.purposes, messages == 1 ? [norm.name, "\(norm.name), backward"] : [])
        }
    }

    /// So many that a mark for every lost value would overflow.
    func testNotANumberOnOneRankIsSeenByAllAndStopsNobody() throws {
        let outputs = try onRanks(2) { rank, transport in
            let channels = 200
            let hosting = Hosting(workers: 400, ranks: 2, rank: rank)
            let norm = BatchNormalization(
                name: "norm", channels: channels, hosting: hosting, sums: ExactSums(transport))
            let x = Tensor(
                [Float](repeating: rank == 0 ? .nan : 1, count: 200 * channels), shape: [200, 1, 1, channels],
                needsGradient: true)
            let tape = Tape(
                layout: BatchLayout(imageCounts: Array(repeating: 1, count: 200), firstWorker: 200 * rank))
            let y = try norm(x, ForwardContext(tape))
            return y.array + (try tape.gradients(of: y, for: [x])[0].array)
        }
        XCTAssertTrue(outputs.allSatisfy { $0.allSatisfy(\.isNaN) })
    }

    /// Blocks of images that are each a batch of their own, and the set of running statistics that each updates.
    private func assertBlocks(
        _ sharded: ShardedRun, _ blocks: [Range<Int>], sets: [Int], _ what: String, line: UInt = #line
    ) throws {
        var norms: [Int: BatchNormalization] = [:]
        for set in sets { norms[set] = ShardedRun.norm(.world, hosting: Hosting(workers: 1)) }
        var output: [Float] = []
        var inputGradient: [Float] = []
        var parameterGradients = [[Double]](repeating: [Double](repeating: 0, count: ShardedRun.channels), count: 2)
        for step in 0..<2 {
            for (images, set) in zip(blocks, sets) {
                let norm = norms[set]!
                let x = ShardedRun.images(images, of: step)
                let tape = Tape(layout: BatchLayout(images: images.count))
                let y = try norm(x, activation: .relu, ForwardContext(tape))
                let upstream = ShardedRun.images(images, of: step + 5, mean: -1)
                let gradients = try tape.gradients(
                    of: y, upstream: upstream, for: [x, norm.affine.gamma!, norm.affine.beta!])
                guard step == 1 else { continue }
                output += y.array
                inputGradient += gradients[0].array
                for parameter in 0..<2 {
                    for (channel, value) in gradients[parameter + 1].array.enumerated() {
                        parameterGradients[parameter][channel] += Double(value)
                    }
                }
            }
        }
        assertClose(sharded.output, output, tolerance: 1e-6, "\(what): output", line: line)
        assertClose(sharded.inputGradient, inputGradient, tolerance: 1e-6, "\(what): input gradient", line: line)
        for (gradient, expected) in zip(sharded.parameterGradients, parameterGradients) {
            assertClose(gradient, expected.map(Float.init), tolerance: 1e-6, "\(what): gradient", line: line)
        }
        for (set, norm) in norms {
            assertClose(
                sharded.running[set], norm.runningSets[0]!, tolerance: 1e-6, "\(what): set \(set)", line: line)
        }
    }

    private func assertEqual(_ first: ShardedRun, _ second: ShardedRun, _ what: String, line: UInt = #line) {
        assertClose(first.output, second.output, tolerance: 1e-6, "\(what): output", line: line)
        assertClose(first.inputGradient, second.inputGradient, tolerance: 1e-6, "\(what): input gradient", line: line)
        for (gradient, expected) in zip(first.parameterGradients, second.parameterGradients) {
            assertClose(gradient, expected, tolerance: 1e-6, "\(what): parameter gradient", line: line)
        }
        assertClose(first.running[0], second.running[0], tolerance: 1e-6, "\(what): running", line: line)
    }
}

extension ShardedRun {
    /// Running statistics that have seen no batch.
    static let untouched = [Float](repeating: 0, count: channels) + [Float](repeating: 1, count: channels)
}
