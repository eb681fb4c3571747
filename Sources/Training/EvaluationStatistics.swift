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
    /// Those of training images, computed anew with the final weights.
    case precise
    /// Those of each batch of test images itself.
    case batch
}

extension RunningStatistics {
    /// The sets of all ranks, on every rank: all sets × channels, row by row.
    public func gathered(over communicator: Communicator, workers: Int) throws -> (means: [Float], variances: [Float]) {
        let owned = ownedSets(communicator, workers: workers)
        func gather(_ values: Tensor) throws -> [Float] {
            let rows = owned.map { UnsafeBufferPointer(start: values.row($0), count: values.shape[1]) }
            return try communicator.allgather(rows.flatMap(Array.init)).flatMap { $0 }
        }
        return (try gather(mean), try gather(variance))
    }

    /// How many batches each set of all ranks has seen.
    func gatheredBatchCounts(over communicator: Communicator, workers: Int) throws -> [Int] {
        let counts = ownedSets(communicator, workers: workers).map { batchCounts[$0] }
        return try communicator.allgather(counts).flatMap { $0 }
    }

    /// The sets that this rank gives: one that several ranks keep comes from the one that hosts its first worker.
    private func ownedSets(_ communicator: Communicator, workers: Int) -> [Int] {
        let hosted = Hosting(workers: workers, ranks: communicator.size, rank: communicator.rank).hosted
        let workersPerSet = workers / totalSets
        return (0..<setCount).filter { hosted.contains((firstSet + $0) * workersPerSet) }
    }
}

extension BatchNormalization {
    /// Chooses what this layer evaluates with, on every rank alike.
    ///
    /// - Parameters:
    ///   - means, variances: of all sets × channels.
    func chooseStatistics(_ choice: EvaluationStatistics, means: [Float], variances: [Float]) {
        evaluationStatistics = choice.statistics(means: means, variances: variances, channels: channels)
    }
}

extension EvaluationStatistics {
    /// What running statistics alone give: the pooled ones also for `precise`, until they are computed, and for `batch`,
    /// which uses none.
    ///
    /// - Parameters:
    ///   - means, variances: of all sets × channels.
    func statistics(means: [Float], variances: [Float], channels: Int) -> ChannelStatistics {
        switch self {
        case .pooled, .precise, .batch:
            .pooled(means: means, variances: variances, channels: channels)
        case .worker0:
            ChannelStatistics(
                mean: means.prefix(channels).map(Double.init), variance: variances.prefix(channels).map(Double.init))
        }
    }
}
