import Autograd
import Foundation

/// How far the statistics of a part of a batch are from those of the whole, over the channels of a layer.
///
/// With μ and σ² of the part, and μ₀ and σ₀² of the whole (both variances divide by N):
/// - the distance of the means is √(mean of ((μ−μ₀)/σ₀)²), in deviations of the whole batch;
/// - the distance of the variances is the mean of |ln(σ²/σ₀²)|: 0.1 is about a tenth more or less.
///
/// A norm over the part in place of the whole shifts its output by the first, in units of its own deviation, and scales it
/// by the root of what the second is the logarithm of. Neither changes with the scale of a channel. A channel that is
/// constant over the whole batch has neither distance, one that is constant over the part has none of the variances: they
/// are left out.
struct StatisticsDistance: Equatable {
    /// Σ((μ−μ₀)/σ₀)².
    var meanSquares = 0.0
    /// How many channels that is the sum of.
    var means = 0
    /// Σ|ln(σ²/σ₀²)|.
    var logarithms = 0.0
    /// How many channels that is the sum of.
    var variances = 0

    /// Of no channels.
    init() {}

    /// Of all channels that are not left out.
    init(of part: ChannelStatistics, from whole: ChannelStatistics) {
        for channel in part.mean.indices where whole.isSpread(channel) {
            let difference = part.mean[channel] - whole.mean[channel]
            meanSquares += difference * difference / whole.variance[channel]
            means += 1
            guard part.isSpread(channel) else { continue }
            logarithms += abs(log(part.variance[channel] / whole.variance[channel]))
            variances += 1
        }
    }

    static func += (sum: inout StatisticsDistance, other: StatisticsDistance) {
        sum.meanSquares += other.meanSquares
        sum.means += other.means
        sum.logarithms += other.logarithms
        sum.variances += other.variances
    }

    /// The distance of the means, in deviations of the whole batch; nil when every channel was left out.
    var ofMeans: Double? { means > 0 ? (meanSquares / Double(means)).squareRoot() : nil }

    /// The distance of the variances, in natural logarithms; nil when every channel was left out.
    var ofVariances: Double? { variances > 0 ? logarithms / Double(variances) : nil }
}

extension ChannelStatistics {
    /// Whether the values of a channel differ by more than Floats of their size are apart: what the rounding of its sums
    /// leaves of a constant channel's variance is none.
    fileprivate func isSpread(_ channel: Int) -> Bool {
        let spacing = mean[channel] * Double(Float.ulpOfOne)
        return variance[channel].isFinite && variance[channel] > spacing * spacing
    }
}
