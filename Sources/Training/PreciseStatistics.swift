import Autograd
import Datasets
import Kernels
import Models
import Normalization

/// Statistics for evaluation that are computed anew over training images with the final weights, instead of gathered
/// while the weights changed ("precise batch norm": Wu and Johnson 2021, section 3).
///
/// Layer by layer: the statistics of a layer are those of its input while all layers before it already use theirs. The
/// images are cut into batches of one size that are spread over the ranks, and summed as integers, so that the result
/// does not depend on the number of ranks.
struct PreciseStatistics {
    let dataset: Dataset
    /// Training images to use, the first ones.
    let images: Int
    /// Images of one batch.
    let batch: Int
    let communicator: TimedCommunicator

    /// Gives every batch norm of a network its statistics.
    func recompute(for network: any Network) throws {
        for layer in network.batchNormalizations {
            layer.evaluationStatistics = try statistics(of: layer, in: network)
        }
    }

    /// Thrown to leave the forward pass when the layer in question has been reached.
    private struct LayerReached: Error {}

    private func statistics(of layer: BatchNormalization, in network: any Network) throws -> ChannelStatistics {
        var sums = InputSums(channels: layer.channels)
        layer.evaluationObserver = { input in
            sums.add(input)
            throw LayerReached()
        }
        defer { layer.evaluationObserver = nil }
        for range in communicator.hostedBatches(of: images, size: batch) {
            let tape = Tape(layout: BatchLayout(images: range.count), isRecording: false)
            do {
                _ = try network.logits(
                    dataset.tensor(of: dataset.train, range), mode: .evaluation, on: tape, inspect: nil)
            } catch is LayerReached {}
        }
        return try sums.statistics(over: communicator, biased: layer.options.biased)
    }
}

/// The exact moments of everything that reached a layer.
private struct InputSums {
    private let channels: Int
    /// The count, contributions that could not be summed, and the digits of Σx and Σx² of each channel.
    private var values: [Int64]

    init(channels: Int) {
        self.channels = channels
        values = Array(repeating: 0, count: 2 + 2 * channels * FixedPointSum.digitCount)
    }

    /// - Parameter input: images × height × width × channels.
    mutating func add(_ input: Tensor) {
        let pixels = input.count / channels
        var moments = Array(repeating: 0.0, count: 2 * channels)
        let pivot = Array(repeating: Float(0), count: channels)
        moments.withUnsafeMutableBufferPointer { moments in
            guard let sums = moments.baseAddress else { return }
            addChannelMoments(
                of: input.pointer, pixels: pixels, channels: channels, pivot: pivot, sum: sums,
                squareSum: sums + channels)
        }
        values[0] += Int64(pixels)
        values.withUnsafeMutableBufferPointer { values in
            guard let digits = values.baseAddress else { return }
            for (index, moment) in moments.enumerated() {
                let sum = digits + 2 + index * FixedPointSum.digitCount
                if !FixedPointSum.add(moment, to: sum) { values[1] += 1 }
                FixedPointSum.carry(sum)
            }
        }
    }

    mutating func statistics(over communicator: TimedCommunicator, biased: Bool) throws -> ChannelStatistics {
        try values.withUnsafeMutableBufferPointer { try communicator.sum($0, for: "precise statistics") }
        let count = Double(values[0])
        let moments = (0..<2 * channels).map { index in
            values[1] > 0 ? .nan : FixedPointSum.value(of: Array(values[(2 + 3 * index)...].prefix(3)))
        }
        let mean = moments.prefix(channels).map { $0 / count }
        let correction = biased || values[0] == 1 ? 1 : count / (count - 1)
        let variance = (0..<channels).map { channel in
            let variance = moments[channels + channel] / count - mean[channel] * mean[channel]
            return correction * (variance < 0 ? 0 : variance)
        }
        return ChannelStatistics(mean: Array(mean), variance: variance)
    }
}

extension TimedCommunicator {
    /// This rank's share of `count` images that are cut into batches of `size`; the cuts are the same on any number of
    /// ranks.
    func hostedBatches(of count: Int, size: Int) -> [Range<Int>] {
        let batches = stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
        let (ranks, rank) = (communicator.size, communicator.rank)
        return Array(batches[batches.count * rank / ranks..<batches.count * (rank + 1) / ranks])
    }
}
