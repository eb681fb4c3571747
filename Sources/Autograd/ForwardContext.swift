/// All that a layer is told about a forward pass beside its input.
public struct ForwardContext {
    /// Remembers operations, and knows whose images are where.
    public let tape: Tape
    /// What normalisations take their statistics from.
    public let mode: ForwardMode
    /// What normalisations with running statistics evaluate with, by the name of the layer; those that are left out pool
    /// the running statistics kept on this rank.
    public let statistics: [String: ChannelStatistics]

    /// A pass whose operations go to `tape`.
    public init(_ tape: Tape, mode: ForwardMode = .training, statistics: [String: ChannelStatistics] = [:]) {
        self.tape = tape
        self.mode = mode
        self.statistics = statistics
    }

    /// Carries out a layer; the tape's probe sees the work, and what came of it.
    ///
    /// - Parameters:
    ///   - name: the layer's.
    ///   - work: what the layer computes.
    ///   - x: the input.
    ///   - operations: makes the output.
    public func layer(
        _ name: String, _ work: @autoclosure () -> LayerWork = .other, of x: Tensor, _ operations: () throws -> Tensor
    ) rethrows -> Tensor {
        let output = try tape.layer(name, operations)
        tape.probe?.see(LayerPass(layer: name, work: work(), input: x, output: output))
        return output
    }
}

/// What a normalisation takes its statistics from.
public enum ForwardMode: Hashable, Sendable {
    /// From the batch, group by group; running statistics are updated.
    case training
    /// As in training, but nothing is updated: what the network would make of the batch if it were trained on it.
    case trainingWithoutUpdate
    /// From the running statistics gathered in training, where the layer has them.
    case evaluation
    /// From the batch at hand, without an update: each of the layout's batches on its own.
    case batchStatistics
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
}
