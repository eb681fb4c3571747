import Autograd
import Catalogues
import Workers

/// How fast running statistics follow the batches.
public enum RunningMomentum: Hashable, Sendable {
    /// running ← (1 − momentum)·running + momentum·batch.
    case exponential(Double)
    /// The plain average of all batches so far (PyTorch's `momentum=None`).
    case cumulative
}

extension RunningMomentum: RawRepresentable, Codable {
    /// Reads a number in decimal digits or `cumulative`; nil when it is neither. The range is not checked.
    public init?(rawValue: String) {
        if rawValue == "cumulative" {
            self = .cumulative
        } else if let momentum = DecimalText.number(rawValue) {
            self = .exponential(momentum)
        } else {
            return nil
        }
    }

    /// A number or `cumulative`.
    public var rawValue: String {
        switch self {
        case .exponential(let momentum): "\(momentum)"
        case .cumulative: "cumulative"
        }
    }
}

/// The running means and variances of a batch norm: a set for each worker, or for each group of workers that share
/// statistics.
public final class RunningStatistics {
    /// Sets kept here × channels; zeros at first.
    public let mean: Tensor
    /// Sets kept here × channels; ones at first.
    public let variance: Tensor
    /// How many batches each set kept here has seen.
    public let batchCounts: Counts
    private let placement: StateTensor.Placement

    init(statistics: StatisticsGroup, hosting: Hosting, channels: Int) {
        let workersPerSet = statistics.workersPerSet(of: hosting.workers)
        let hosted = hosting.hosted
        let first = hosted.lowerBound / workersPerSet
        let sets = (hosted.upperBound - 1) / workersPerSet - first + 1
        placement = .rows(first: first, total: hosting.workers / workersPerSet)
        mean = Tensor(Array(repeating: 0, count: sets * channels), shape: [sets, channels])
        variance = Tensor(Array(repeating: 1, count: sets * channels), shape: [sets, channels])
        batchCounts = Counts(count: sets)
    }

    func state(of layer: String) -> [StateTensor] {
        [
            StateTensor(layer: layer, .runningMean, .floats(mean), placement: placement),
            StateTensor(layer: layer, .runningVariance, .floats(variance), placement: placement),
            StateTensor(layer: layer, .batchCount, .counts(batchCounts), placement: placement),
        ]
    }

    /// Takes in the statistics of one batch. A single value a channel has no variance, and leaves all as it is.
    ///
    /// - Parameters:
    ///   - batch: of each channel.
    ///   - count: N, the values that each was taken over.
    ///   - biased: whether the variance is taken as it is, rather than times N/(N−1).
    func update(set: Int, with batch: [BatchMoments], count: Double, momentum: RunningMomentum, biased: Bool) {
        guard count > 1 else { return }
        batchCounts.values[set] += 1
        let rate =
            switch momentum {
            case .exponential(let rate): rate
            case .cumulative: 1 / Double(batchCounts.values[set])
            }
        let factor = biased ? 1 : count / (count - 1)
        let (means, variances) = (mean.row(set), variance.row(set))
        for (channel, batch) in batch.enumerated() {
            means[channel] = Float((1 - rate) * Double(means[channel]) + rate * batch.mean)
            variances[channel] = Float((1 - rate) * Double(variances[channel]) + rate * (batch.variance * factor))
        }
    }

    /// The sets kept here, pooled.
    var pooled: ChannelStatistics {
        .pooled(means: mean.array, variances: variance.array, batches: batchCounts.values)
    }
}

extension ChannelStatistics {
    /// The statistics of the union of sets: the mean of the means, and the mean of the variances *plus the variance of the
    /// means* (the law of total variance). Averaging the variances alone would drop the spread between workers.
    ///
    /// Each set counts as often as it has seen batches: those of workers without images are no statistics and count for
    /// nothing. Where none has seen any, all count alike: they are what the weights came with.
    ///
    /// - Parameters:
    ///   - means: sets × channels, row by row.
    ///   - variances: sets × channels, row by row.
    ///   - batches: that each set has seen.
    public static func pooled(means: [Float], variances: [Float], batches: [Int64]) -> ChannelStatistics {
        let channels = means.count / batches.count
        let total = batches.reduce(0.0) { $0 + Double($1) }
        let shares = batches.map { total > 0 ? Double($0) / total : 1 / Double(batches.count) }
        var mean = Array(repeating: 0.0, count: channels)
        var variance = Array(repeating: 0.0, count: channels)
        for channel in 0..<channels {
            func setMean(_ set: Int) -> Double { Double(means[set * channels + channel]) }
            let center = shares.indices.reduce(0.0) { $0 + shares[$1] * setMean($1) }
            mean[channel] = center
            variance[channel] = shares.indices.reduce(0.0) { sum, set in
                let difference = setMean(set) - center
                return sum + shares[set] * (Double(variances[set * channels + channel]) + difference * difference)
            }
        }
        return ChannelStatistics(mean: mean, variance: variance)
    }
}
