import Autograd
import Kernels
import Normalization
import TestSupport
import XCTest

/// Two training steps of one batch norm over the batches of several workers, hosted by several ranks.
struct ShardedRun {
    /// Image after image, of the second step.
    let output: [Float]
    let inputGradient: [Float]
    /// Of γ and β.
    let parameterGradients: [[Float]]
    /// Set after set: means, then variances.
    let running: [[Float]]

    static let channels = 11

    /// What one rank has to show.
    private struct Part: Sendable {
        let output: [Float]
        let inputGradient: [Float]
        /// Of γ and β: one array a worker with images.
        let shares: [[[Float]]]
        /// Of γ and β: at most one array.
        let globalGradients: [[[Float]]]
        let running: [Int: [Float]]
    }

    init(
        _ statistics: StatisticsGroup, imageCounts: [Int], ranks: Int = 1, activation: Activation = .relu
    ) throws {
        let parts = try onRanks(ranks) { rank, reducer in
            let hosting = Hosting(workers: imageCounts.count, ranks: ranks, rank: rank)
            let norm = Self.norm(statistics, hosting: hosting, reducer: reducer)
            return try Self.train(norm, imageCounts, hosting.hosted, activation)
        }
        output = parts.flatMap(\.output)
        inputGradient = parts.flatMap(\.inputGradient)
        parameterGradients = [0, 1].map { parameter in Self.gradient(parameter, parts) }
        var sets: [Int: [Float]] = [:]
        for (set, values) in parts.flatMap(\.running) {
            assertSameBits(values, sets[set] ?? values, "set \(set) on two ranks")
            sets[set] = values
        }
        running = sets.keys.sorted().map { sets[$0]! }
    }

    static func norm(
        _ statistics: StatisticsGroup, hosting: Hosting, reducer: any StatisticsReducer = SingleRankReducer()
    ) -> BatchNormalization {
        let norm = BatchNormalization(
            name: "norm", channels: channels, options: BatchNormalization.Options(statistics: statistics),
            hosting: hosting, reducer: reducer)
        _ = norm.gamma?.values.update(from: randomFloats(channels, 1, mean: 1, deviation: 0.3))
        _ = norm.beta?.values.update(from: randomFloats(channels, 2, deviation: 0.3))
        return norm
    }

    /// Images of the global batch; the same whoever asks.
    static func images(_ images: Range<Int>, of step: Int, mean: Double = 3) -> Tensor {
        let valuesPerImage = 6 * channels
        let values = images.flatMap { image in
            randomFloats(valuesPerImage, UInt64(1000 * step + image), mean: mean + Double(image % 3))
        }
        return Tensor(values, shape: [images.count, 2, 3, channels], needsGradient: true)
    }

    private static func train(
        _ norm: BatchNormalization, _ imageCounts: [Int], _ hosted: Range<Int>, _ activation: Activation
    ) throws -> Part {
        let layout = BatchLayout(
            imageCounts: Array(imageCounts[hosted]), firstWorker: hosted.lowerBound,
            globalImages: imageCounts.reduce(0, +))
        let first = imageCounts[..<hosted.lowerBound].reduce(0, +)
        let parameters = [norm.gamma, norm.beta].compactMap { $0 }
        var part: Part?
        for step in 0..<2 {
            let x = images(first..<first + layout.images, of: step)
            let upstream = images(first..<first + layout.images, of: step + 5, mean: -1)
            let tape = Tape(layout: layout)
            let probe = Probe()
            let output = try norm(probe.watch(x, on: tape), activation: activation, on: tape)
            let receiver = SharesReceiver(parameters: parameters)
            try tape.backward(from: output, upstream: upstream, into: receiver)
            part = Part(
                output: output.array, inputGradient: probe.gradient,
                shares: parameters.map(receiver.workerShares),
                globalGradients: parameters.map(receiver.globalGradients),
                running: norm.running.sets)
        }
        return try XCTUnwrap(part)
    }

    /// Global gradients are the same on every rank; shares are added up.
    private static func gradient(_ parameter: Int, _ parts: [Part]) -> [Float] {
        let globals = parts.flatMap { $0.globalGradients[parameter] }
        let shares = parts.flatMap { $0.shares[parameter] }
        guard let global = globals.first else {
            return (0..<channels).map { channel in Float(shares.reduce(0.0) { $0 + Double($1[channel]) }) }
        }
        XCTAssertTrue(shares.isEmpty)
        XCTAssertEqual(globals.count, parts.count)
        for other in globals { assertSameBits(other, global, "gradient on two ranks") }
        return global
    }
}

/// An identity that notes the gradient that passes through it.
private final class Probe {
    private(set) var gradient: [Float] = []

    func watch(_ x: Tensor, on tape: Tape) -> Tensor {
        let output = Tensor(x.array, shape: x.shape, needsGradient: true)
        tape.record("probe", output: output) { [self] upstream, _ in gradient = upstream.array }
        return output
    }
}

extension RunningStatistics {
    /// By the number of the set in the run: means, then variances.
    var sets: [Int: [Float]] {
        let channels = mean.shape[1]
        return Dictionary(
            uniqueKeysWithValues: (0..<setCount).map { set in
                let values = [mean, variance].flatMap { UnsafeBufferPointer(start: $0.row(set), count: channels) }
                return (firstSet + set, values)
            })
    }
}
