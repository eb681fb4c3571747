/// What a normalisation takes its statistics from.
public enum NormalizationMode: Hashable, Sendable {
    /// From the batch, group by group; running statistics are updated.
    case training
    /// From the running statistics gathered in training, where the layer has them.
    case evaluation
    /// From the batch at hand, without an update: each of the layout's batches on its own.
    case batchStatistics
}
