/// All that normalisation knows about other processes: how to add up integers over all ranks of a run.
///
/// Sums of integers do not depend on the order of addition, and that is why statistics come out the same, bit for bit,
/// on any number of ranks.
public protocol StatisticsReducer: AnyObject {
    /// Replaces each value by its sum over all ranks; every rank of the run calls it at the same point with as many
    /// values.
    ///
    /// - Parameter purpose: what the values belong to, a layer for example, as a person should read it.
    func sum(_ values: UnsafeMutableBufferPointer<Int64>, for purpose: String) throws
}

/// The reducer of a run with one rank: there is nothing to add.
public final class SingleRankReducer: StatisticsReducer {
    /// A reducer for one rank.
    public init() {}

    /// Leaves the values as they are.
    public func sum(_ values: UnsafeMutableBufferPointer<Int64>, for purpose: String) {}
}

/// A reducer that adds up in floating point: fewer bytes, but the last bits depend on the number of ranks.
public protocol FloatingPointReducer: StatisticsReducer {
    /// Replaces each value by its sum over all ranks.
    func sum(_ values: UnsafeMutableBufferPointer<Double>, for purpose: String) throws

    /// Replaces each value by its sum over all ranks.
    func sum(_ values: UnsafeMutableBufferPointer<Float>, for purpose: String) throws
}
