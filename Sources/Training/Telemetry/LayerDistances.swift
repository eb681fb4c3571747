/// How far the workers' own statistics of a layer's input were from the global ones in one step.
///
/// With μ and σ² of a channel over a worker's batch and μ₀ and σ₀² over the global batch, variances dividing by N, the
/// distance of the means is √(mean of ((μ−μ₀)/σ₀)²) and that of the variances the mean of |ln(σ²/σ₀²)|, each over
/// channels. Workers without images have none.
public struct LayerDistances: Equatable, Sendable {
    /// The layer, or the place of one that the network does without.
    public let layer: String
    /// Workers that had images.
    public let workers: Int
    /// Between means, over all workers and channels, in deviations of the global batch; nil when all were left out.
    public let mean: Double?
    /// Between variances, over all workers and channels, in natural logarithms; nil when all were left out.
    public let variance: Double?
    /// Between the means of the worker that is farthest off.
    public let largestMean: Double?
    /// Between the variances of the worker that is farthest off.
    public let largestVariance: Double?
    /// Channels that are constant over the global batch, and left out of all distances.
    public let constantChannels: Int
    /// Pairs of a worker and another channel that is constant over its batch, left out of the distances of variances.
    public let constantInWorker: Int

    /// - Parameters:
    ///   - channels: of the layer's input.
    ///   - workers: that had images, in their order.
    init(layer: String, channels: Int, workers: [StatisticsDistance]) {
        self.layer = layer
        self.workers = workers.count
        let total = workers.reduce(into: StatisticsDistance()) { $0 += $1 }
        mean = total.ofMeans
        variance = total.ofVariances
        largestMean = workers.compactMap(\.ofMeans).max()
        largestVariance = workers.compactMap(\.ofVariances).max()
        // Which channels are constant over the global batch is the same for every worker.
        constantChannels = channels - (workers.first?.means ?? 0)
        constantInWorker = total.means - total.variances
    }
}
