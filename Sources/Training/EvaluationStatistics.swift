import MPI
import Models
import Normalization

/// Which statistics a batch norm evaluates with; where every worker has running statistics of its own, it decides the
/// result.
public enum EvaluationStatistics: String, CaseIterable, Codable, Sendable {
    /// Those of the union of all workers: the mean of the means; the mean of the variances plus the variance of the
    /// means.
    case pooled
    /// Those of the first worker, as data-parallel training in PyTorch does.
    case worker0
    /// Those of each batch of test images itself.
    case batch
}

extension RunningStatistics {
    /// The sets of all ranks, on every rank.
    ///
    /// - Returns: all sets × channels, row by row.
    public func gathered(over communicator: Communicator, workers: Int) throws -> (means: [Float], variances: [Float]) {
        let channels = mean.shape[1]
        var all = Array(repeating: Float(0), count: 2 * totalSets * channels)
        let workersPerSet = workers / totalSets
        let hosting = Hosting(workers: workers, ranks: communicator.size, rank: communicator.rank)
        for set in 0..<setCount where hosting.hosted.contains((firstSet + set) * workersPerSet) {
            let offset = (firstSet + set) * channels
            for channel in 0..<channels {
                all[offset + channel] = mean.row(set)[channel]
                all[totalSets * channels + offset + channel] = variance.row(set)[channel]
            }
        }
        // Each value comes from the one rank that hosts the first worker of the set, so the sum is exact.
        try communicator.allreduce(&all, .sum)
        return (Array(all.prefix(totalSets * channels)), Array(all.suffix(totalSets * channels)))
    }
}

extension BatchNormalization {
    /// Chooses what this layer evaluates with, on every rank alike.
    ///
    /// - Parameters:
    ///   - means, variances: of all sets × channels.
    func chooseStatistics(_ choice: EvaluationStatistics, means: [Float], variances: [Float]) {
        switch choice {
        case .pooled, .batch:
            evaluationStatistics = .pooled(means: means, variances: variances, channels: channels)
        case .worker0:
            evaluationStatistics = ChannelStatistics(
                mean: means.prefix(channels).map(Double.init), variance: variances.prefix(channels).map(Double.init))
        }
    }
}
