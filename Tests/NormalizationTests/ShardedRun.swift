import Autograd
import Kernels
import Normalization
import TestSupport
import Workers
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

    /// - Parameter lossFactor: what the gradients of the output are multiplied by.
    init(
        _ statistics: StatisticsGroup, imageCounts: [Int], ranks: Int = 1, activation: Activation = .relu,
        lossFactor: Float = 1
    ) throws {
        let parts = try onRanks(ranks) { rank, transport in
            let hosting = Hosting(workers: imageCounts.count, ranks: ranks, rank: rank)
            let norm = Self.norm(statistics, hosting: hosting, sums: ExactSums(transport))
            return try Self.train(norm, imageCounts, hosting.hosted, activation, lossFactor)
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
        _ statistics: StatisticsGroup, hosting: Hosting, sums: any Sums = ExactSums()
    ) -> BatchNormalization {
        let norm = BatchNormalization(
            name: "norm", channels: channels, options: BatchNormalization.Options(statistics: statistics),
            hosting: hosting, sums: sums)
        _ = norm.affine.gamma?.values.update(from: randomFloats(channels, 1, mean: 1, deviation: 0.3))
        _ = norm.affine.beta?.values.update(from: randomFloats(channels, 2, deviation: 0.3))
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
        _ norm: BatchNormalization, _ imageCounts: [Int], _ hosted: Range<Int>, _ activation: Activation,
        _ lossFactor: Float
    ) throws -> Part {
        let layout = BatchLayout(
            imageCounts: Array(imageCounts[hosted]), firstWorker: hosted.lowerBound,
            globalImages: imageCounts.reduce(0, +))
        let first = imageCounts[..<hosted.lowerBound].reduce(0, +)
        let parameters = [norm.affine.gamma, norm.affine.beta].compactMap { $0 }
        var part: Part?
        for step in 0..<2 {
            let x = images(first..<first + layout.images, of: step)
            let upstream = images(first..<first + layout.images, of: step + 5, mean: -1)
            for index in 0..<upstream.count { upstream.pointer[index] *= lossFactor }
            let tape = Tape(layout: layout)
            let witness = GradientWitness()
            let output = try norm(witness.watch(x, on: tape), activation: activation, ForwardContext(tape))
            let receiver = SharesReceiver(parameters: parameters)
            try tape.backward(from: output, upstream: upstream, into: receiver)
            part = Part(
                output: output.array, inputGradient: witness.gradient,
                shares: parameters.map(receiver.workerShares),
                globalGradients: parameters.map(receiver.globalGradients),
                running: norm.runningSets)
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
private final class GradientWitness {
    private(set) var gradient: [Float] = []

    func watch(_ x: Tensor, on tape: Tape) -> Tensor {
        let output = Tensor(x.array, shape: x.shape, needsGradient: true)
        tape.record("witness", output: output) { [self] upstream, _ in gradient = upstream.array }
        return output
    }
}

extension BatchNormalization {
    /// By the number of the set in the run: means, then variances.
    var runningSets: [Int: [Float]] {
        let (mean, variance) = (running.mean, running.variance)
        guard case .rows(let first, _)? = ownState.first?.placement else { return [:] }
        return Dictionary(
            uniqueKeysWithValues: (0..<mean.shape[0]).map { set in
                let values = [mean, variance].flatMap { UnsafeBufferPointer(start: $0.row(set), count: channels) }
                return (first + set, values)
            })
    }
}
