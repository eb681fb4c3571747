/// What a run keeps beside its parameters: running statistics, how many batches they have seen, an optimiser's
/// velocities.
public struct StateTensor {
    /// What it is in its layer.
    public enum Role: Hashable, Sendable {
        /// Running means: sets × channels.
        case runningMean
        /// Running variances: sets × channels.
        case runningVariance
        /// Means that training leaves as they are: channels.
        case constantMean
        /// Variances that training leaves as they are: channels.
        case constantVariance
        /// How many batches each set of running statistics has seen: sets.
        case batchCount
        /// Known to its owner alone, by this name.
        case own(String)
    }

    /// The values.
    public enum Values {
        /// Real numbers.
        case floats(Tensor)
        /// Whole numbers.
        case counts(Counts)
    }

    /// Which rank keeps which rows: entries of the outermost axis.
    public enum Placement: Equatable, Sendable {
        /// Every rank keeps all values, the same ones.
        case everywhere
        /// This rank keeps the rows of the groups of workers that it hosts, at least in part: so many, from the first one
        /// on, of all rows of the run.
        case rows(first: Int, total: Int)
    }

    /// The layer that it belongs to.
    public let layer: String
    /// What it is there.
    public let role: Role
    /// The values that this rank keeps.
    public let values: Values
    /// Which of the run's values these are.
    public let placement: Placement

    /// State of a layer.
    public init(layer: String, _ role: Role, _ values: Values, placement: Placement) {
        self.layer = layer
        self.role = role
        self.values = values
        self.placement = placement
    }

    /// Its name in files: the layer's and its own, `normalization1.runningMean` for example.
    public var name: String {
        switch role {
        case .runningMean: "\(layer).runningMean"
        case .runningVariance: "\(layer).runningVariance"
        case .constantMean: "\(layer).mean"
        case .constantVariance: "\(layer).variance"
        case .batchCount: "\(layer).batchCounts"
        case .own(let name): "\(layer).\(name)"
        }
    }

    /// The extents of the values that this rank keeps.
    public var shape: [Int] {
        switch values {
        case .floats(let tensor): tensor.shape
        case .counts(let counts): [counts.values.count]
        }
    }

    /// The extents of the values of the whole run.
    public var wholeShape: [Int] {
        switch placement {
        case .everywhere: shape
        case .rows(_, let total): [total] + shape.dropFirst()
        }
    }
}

/// Whole numbers that a layer keeps.
public final class Counts {
    /// The numbers.
    public var values: [Int64]

    /// So many zeros.
    public init(count: Int) {
        values = Array(repeating: 0, count: count)
    }
}
