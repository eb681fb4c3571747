import Autograd
import MPI
import Workers

/// Statistics for evaluation that are computed anew over training images with the final weights, layer by layer: those of
/// a layer are those of its input while all layers before it already use theirs, so that no layer ever sees what a batch's
/// own statistics make of it.
///
/// Each layer takes a pass of its own. The images are cut into batches of one size that are spread over the ranks, and
/// summed as integers, so that the result does not depend on the number of ranks.
public struct LayerwiseStatistics {
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
        for layer in InputMoments.layers(of: network) {
            let moments = InputMoments([layer])
            for range in transport.hostedBatches(of: images, size: batch) {
                let tape = moments.tape(BatchLayout(images: range.count))
                _ = try network(image(range), ForwardContext(tape, mode: .evaluation, statistics: statistics))
            }
            statistics.merge(try moments.statistics(over: transport, biased: biased)) { $1 }
        }
        return statistics
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
