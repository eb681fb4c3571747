import Autograd

/// How fast running statistics follow the batches.
public enum RunningMomentum: Hashable, Sendable {
    /// running ← (1 − momentum)·running + momentum·batch.
    case exponential(Double)
    /// The plain average of all batches so far (PyTorch's `momentum=None`).
    case cumulative
}

/// The running means and variances of a batch norm: a set for each worker, or for each group of workers that share
/// statistics.
public final class RunningStatistics {
    /// The number, among all sets of the run, of the first one kept here.
    public let firstSet: Int
    /// Sets of the run, here or elsewhere.
    public let totalSets: Int
    /// Sets kept here × channels; zeros at first.
    public let mean: Tensor
    /// Sets kept here × channels; ones at first.
    public let variance: Tensor
    /// How many batches each set kept here has seen.
    public var batchCounts: [Int]

    init(statistics: StatisticsGroup, hosting: Hosting, channels: Int) {
        let workersPerSet = statistics.workersPerSet(of: hosting.workers)
        let hosted = hosting.hosted
        firstSet = hosted.lowerBound / workersPerSet
        totalSets = hosting.workers / workersPerSet
        let sets = (hosted.upperBound - 1) / workersPerSet - firstSet + 1
        mean = Tensor(Array(repeating: 0, count: sets * channels), shape: [sets, channels])
        variance = Tensor(Array(repeating: 1, count: sets * channels), shape: [sets, channels])
        batchCounts = Array(repeating: 0, count: sets)
    }

    /// Sets kept here.
    public var setCount: Int { mean.shape[0] }

    /// Takes in the statistics of one batch.
    ///
    /// - Parameters:
    ///   - batchMean, batchVariance: of each channel.
    func update(
        set: Int, momentum: RunningMomentum, batchMean: (Int) -> Double, batchVariance: (Int) -> Double
    ) {
        batchCounts[set] += 1
        let rate =
            switch momentum {
            case .exponential(let rate): rate
            case .cumulative: 1 / Double(batchCounts[set])
            }
        let (means, variances) = (mean.row(set), variance.row(set))
        for channel in 0..<mean.shape[1] {
            means[channel] = Float((1 - rate) * Double(means[channel]) + rate * batchMean(channel))
            variances[channel] = Float((1 - rate) * Double(variances[channel]) + rate * batchVariance(channel))
        }
    }
}

/// One mean and variance a channel, to evaluate with.
public struct ChannelStatistics: Equatable, Sendable {
    /// Of each channel.
    public let mean: [Double]
    /// Of each channel.
    public let variance: [Double]

    /// Means and variances of equally many channels.
    public init(mean: [Double], variance: [Double]) {
        precondition(mean.count == variance.count, "\(mean.count) means and \(variance.count) variances")
        self.mean = mean
        self.variance = variance
    }

    /// The statistics of the union of equally large sets: the mean of the means, and the mean of the variances *plus the
    /// variance of the means* (the law of total variance). Averaging the variances alone would drop the spread between
    /// workers.
    ///
    /// - Parameters:
    ///   - means, variances: sets × channels, row by row.
    public static func pooled(means: [Float], variances: [Float], channels: Int) -> ChannelStatistics {
        let sets = means.count / channels
        var mean = Array(repeating: 0.0, count: channels)
        var variance = Array(repeating: 0.0, count: channels)
        for channel in 0..<channels {
            let setMeans = (0..<sets).map { Double(means[$0 * channels + channel]) }
            let center = setMeans.reduce(0, +) / Double(sets)
            let between = setMeans.reduce(0.0) { $0 + ($1 - center) * ($1 - center) } / Double(sets)
            let within = (0..<sets).reduce(0.0) { $0 + Double(variances[$1 * channels + channel]) } / Double(sets)
            mean[channel] = center
            variance[channel] = within + between
        }
        return ChannelStatistics(mean: mean, variance: variance)
    }
}
