import Autograd
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
    /// The sets of all ranks, on every rank: all sets × channels, row by row.
    public func gathered(over communicator: Communicator, workers: Int) throws -> (means: [Float], variances: [Float]) {
        let hosted = Hosting(workers: workers, ranks: communicator.size, rank: communicator.rank).hosted
        let workersPerSet = workers / totalSets
        // A set that several ranks keep comes from the one that hosts its first worker.
        let owned = (0..<setCount).filter { hosted.contains((firstSet + $0) * workersPerSet) }
        func gather(_ values: Tensor) throws -> [Float] {
            let rows = owned.map { UnsafeBufferPointer(start: values.row($0), count: values.shape[1]) }
            return try communicator.allgather(rows.flatMap(Array.init)).flatMap { $0 }
        }
        return (try gather(mean), try gather(variance))
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
