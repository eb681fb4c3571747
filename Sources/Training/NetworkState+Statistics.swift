import Normalization
import Safetensors

extension NetworkState {
    static let meanSuffix = ".runningMean"
    static let varianceSuffix = ".runningVariance"

    /// Whether a tensor of that name holds running statistics.
    static func isRunningStatistic(_ name: String) -> Bool {
        name.hasSuffix(meanSuffix) || name.hasSuffix(varianceSuffix)
    }

    /// Whether only run folders have tensors of that name, and PyTorch has not.
    static func isOwnName(_ name: String) -> Bool {
        isRunningStatistic(name) || PyTorchState.name(of: name) != name
    }

    /// The layers with running statistics, in the order of their names.
    public var batchNormalizations: [String] {
        file.names.filter { $0.hasSuffix(Self.meanSuffix) }.map { String($0.dropLast(Self.meanSuffix.count)) }
    }

    /// What each batch norm evaluates with, by its name, as far as running statistics give it: `precise` and `batch` are
    /// no choices here.
    ///
    /// - Throws: `SafetensorsError` or `TrainingError.otherNetwork` when the means or the variances of a layer are not
    ///   sets × channels.
    public func statistics(_ choice: EvaluationStatistics) throws -> [String: ChannelStatistics] {
        precondition(choice == .pooled || choice == .worker0, "running statistics do not give \(choice.rawValue)")
        var statistics: [String: ChannelStatistics] = [:]
        for layer in batchNormalizations {
            let name = layer + Self.meanSuffix
            let shape = try file.tensor(named: name).shape
            guard shape.count == 2, shape.allSatisfy({ $0 > 0 }) else {
                throw TrainingError.otherNetwork(path: file.path, detail: "\(name) is not sets × channels")
            }
            statistics[layer] = choice.statistics(
                means: try file.floats(named: name),
                variances: try file.floats(named: layer + Self.varianceSuffix, shape: shape),
                channels: shape[1])
        }
        return statistics
    }
}
