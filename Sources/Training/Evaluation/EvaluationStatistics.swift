import Autograd
import Normalization
import Safetensors

/// Which statistics a batch norm evaluates with; where every worker has running statistics of its own, it decides the
/// result.
public enum EvaluationStatistics: String, CaseIterable, Codable, Sendable {
    /// Those of the union of all workers: the mean of the means; the mean of the variances plus the variance of the
    /// means.
    case pooled
    /// Those of the first worker, as data-parallel training in PyTorch does.
    case worker0
    /// Those of training images, computed anew with the final weights, in batches as in training.
    case precise
    /// Those of training images, computed anew with the final weights, layer by layer.
    case layerwise
    /// Those of each batch of test images itself.
    case batch

    /// How a network is taken through to be evaluated with them.
    public var mode: ForwardMode { self == .batch ? .batchStatistics : .evaluation }

    /// What each layer with running statistics evaluates with, by its name, as far as these give it: the pooled ones also
    /// for `precise` and `layerwise`, until they are computed, and for `batch`, which uses none.
    ///
    /// - Parameters:
    ///   - network: says which layers have running statistics.
    ///   - state: of the network, with the sets of all workers.
    /// - Throws: `SafetensorsError` when the state is of another network.
    public func statistics(of network: any Module, in state: NetworkState) throws -> [String: ChannelStatistics] {
        var statistics: [String: ChannelStatistics] = [:]
        let layers = Dictionary(grouping: network.state) { $0.layer }
        for (layer, tensors) in layers {
            func tensor(_ role: StateTensor.Role) -> StateTensor? { tensors.first { $0.role == role } }
            guard let mean = tensor(.runningMean), let variance = tensor(.runningVariance),
                let batches = tensor(.batchCount), let channels = mean.shape.last
            else { continue }
            let means = try state.file.floats(named: mean.name, shape: mean.wholeShape)
            let variances = try state.file.floats(named: variance.name, shape: variance.wholeShape)
            switch self {
            case .pooled, .precise, .layerwise, .batch:
                statistics[layer] = .pooled(
                    means: means, variances: variances,
                    batches: try state.file.integers(named: batches.name, shape: batches.wholeShape))
            case .worker0:
                statistics[layer] = ChannelStatistics(
                    mean: means.prefix(channels).map(Double.init),
                    variance: variances.prefix(channels).map(Double.init))
            }
        }
        return statistics
    }
}
