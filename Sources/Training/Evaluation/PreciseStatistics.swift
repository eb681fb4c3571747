import Autograd
import Workers

/// Statistics for evaluation that are computed anew with the final weights, instead of gathered while the weights changed:
/// "precise batch norm" (Wu and Johnson 2021, section 3).
///
/// The network goes once through batches of training images as in training, each group normalised by its own statistics.
/// With the mean μ and the variance σ² of each layer's input over each group, averaged by the groups' sizes, the
/// statistics are E[μ] and E[μ² + σ²] − E[μ]²: those of all inputs together. (So does fvcore since it knows the sizes of
/// batches; its first version, E[σ²], drops the variance of the means, which counts where batches are small.)
///
/// The batches are those of the workers, and sums are those of integers, so that the result does not depend on the number
/// of ranks.
public struct PreciseStatistics {
    /// Whether the variance divides by N, the values of all inputs, rather than by N − 1.
    let biased: Bool
    let transport: RankTransport

    /// Statistics over the ranks of `transport`.
    public init(biased: Bool, transport: RankTransport) {
        self.biased = biased
        self.transport = transport
    }

    /// The statistics of each layer that has running ones, by its name; a collective.
    ///
    /// - Parameters:
    ///   - steps: batches of all workers, at least one.
    ///   - batch: what the workers hosted here bring to each.
    public func computed(
        for network: any Layer, steps: Int, batch: (Int) throws -> (images: Tensor, layout: BatchLayout)
    ) throws -> [String: ChannelStatistics] {
        let moments = InputMoments(InputMoments.layers(of: network))
        for step in 0..<steps {
            let (images, layout) = try batch(step)
            _ = try network(images, ForwardContext(moments.tape(layout), mode: .trainingWithoutUpdate))
        }
        return try moments.statistics(over: transport, biased: biased)
    }
}
