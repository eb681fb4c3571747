import Autograd
import Kernels
import MPI
import Workers

/// Statistics for evaluation that are computed anew over training images with the final weights, instead of gathered
/// while the weights changed ("precise batch norm": Wu and Johnson 2021, section 3).
///
/// Layer by layer: the statistics of a layer are those of its input while all layers before it already use theirs. The
/// images are cut into batches of one size that are spread over the ranks, and summed as integers, so that the result
/// does not depend on the number of ranks.
public struct PreciseStatistics {
    /// Training images to use.
    let images: Int
    /// Images of one batch.
    let batch: Int
    /// Whether the variance divides by N rather than by N − 1.
    let biased: Bool
    let transport: RankTransport

    /// - Parameter images: at least one.
    public init(images: Int, batch: Int, biased: Bool, transport: RankTransport) {
        self.images = images
        self.batch = batch
        self.biased = biased
        self.transport = transport
    }

    /// The statistics of each layer that has running ones, by its name; a collective.
    ///
    /// - Parameters:
    ///   - running: what the layers evaluate with until theirs are computed.
    ///   - image: the training images of a range as a tensor.
    public func computed(
        for network: any Layer, instead running: [String: ChannelStatistics], images image: (Range<Int>) -> Tensor
    ) throws -> [String: ChannelStatistics] {
        var statistics = running
        let layers = network.state.filter { $0.role == .runningMean }
        for layer in layers {
            let input = InputMoments(layer: layer.layer, channels: layer.shape.last ?? 1)
            for range in transport.hostedBatches(of: images, size: batch) {
                let tape = Tape(layout: BatchLayout(images: range.count), isRecording: false, probe: input)
                _ = try network(image(range), ForwardContext(tape, mode: .evaluation, statistics: statistics))
            }
            statistics[layer.layer] = try input.statistics(over: transport, biased: biased)
        }
        return statistics
    }
}

/// The exact moments of everything that reaches a layer.
private final class InputMoments: Probe {
    private let layer: String
    private let channels: Int
    /// The count, and Σx and Σx² of each channel.
    private var totals: ExactTotals

    init(layer: String, channels: Int) {
        self.layer = layer
        self.channels = channels
        totals = ExactTotals(counts: 1, values: 2 * channels, as: .activations)
    }

    func see(_ pass: LayerPass) {
        guard pass.layer == layer else { return }
        let pixels = pass.input.count / channels
        var moments = Array(repeating: 0.0, count: 2 * channels)
        let pivot = Array(repeating: Float(0), count: channels)
        moments.withUnsafeMutableBufferPointer { moments in
            guard let sums = moments.baseAddress else { return }
            addChannelMoments(
                of: pass.input.pointer, pixels: pixels, channels: channels, pivot: pivot, sum: sums,
                squareSum: sums + channels)
        }
        totals.add(pixels, toCount: 0)
        for (index, moment) in moments.enumerated() { totals.add(moment, toValue: index) }
    }

    func statistics(over transport: RankTransport, biased: Bool) throws -> ChannelStatistics {
        try totals.reduce(over: transport, for: "precise statistics")
        let count = Double(totals.count(0))
        let mean = (0..<channels).map { totals.value($0) / count }
        let correction = biased || count == 1 ? 1 : count / (count - 1)
        let variance = (0..<channels).map { channel in
            let variance = totals.value(channels + channel) / count - mean[channel] * mean[channel]
            return correction * (variance < 0 ? 0 : variance)
        }
        return ChannelStatistics(mean: mean, variance: variance)
    }
}

extension RankTransport {
    /// This rank's share of `count` images that are cut into batches of `size`; the cuts are the same on any number of
    /// ranks.
    public func hostedBatches(of count: Int, size: Int) -> [Range<Int>] {
        let batches = stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
        let (ranks, rank) = (communicator.size, communicator.rank)
        return Array(batches[batches.count * rank / ranks..<batches.count * (rank + 1) / ranks])
    }
}
