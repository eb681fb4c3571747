/// Carries values between the ranks of a run. It knows no mathematics.
public protocol Transport: AnyObject {
    /// Replaces each value by its sum over all ranks; every rank calls it at the same point with as many values.
    ///
    /// - Parameters:
    ///   - values: as many on every rank; overwritten by the sums.
    ///   - purpose: what they belong to, as a person should read it.
    func sum(_ values: UnsafeMutableBufferPointer<Int64>, for purpose: String) throws

    /// The same in floating point, in whatever order the ranks are added.
    func sum(_ values: UnsafeMutableBufferPointer<Double>, for purpose: String) throws

    /// The same in floating point, in whatever order the ranks are added.
    func sum(_ values: UnsafeMutableBufferPointer<Float>, for purpose: String) throws

    /// Gathers the values of all ranks, in their order, on every rank: the same bits everywhere.
    ///
    /// - Parameters:
    ///   - values: of this rank.
    ///   - all: as many as `counts` says of all ranks together, overwritten.
    ///   - counts: the number of values of each rank; the same on every rank.
    ///   - rank: this one.
    ///   - purpose: what they belong to, as a person should read it.
    func gather(
        _ values: UnsafeBufferPointer<Float>, into all: UnsafeMutableBufferPointer<Float>, counts: [Int], rank: Int,
        for purpose: String
    ) throws
}

extension Transport {
    /// For transports that can only add: each rank adds the bits of its values, as whole numbers, to the zeros of all
    /// others.
    public func gather(
        _ values: UnsafeBufferPointer<Float>, into all: UnsafeMutableBufferPointer<Float>, counts: [Int], rank: Int,
        for purpose: String
    ) throws {
        let (starts, end) = offsets(ofSizes: counts)
        precondition(
            values.count == counts[rank] && all.count == end,
            "\(values.count) values of rank \(rank) into \(all.count), where the ranks have \(counts)")
        try withUnsafeTemporaryAllocation(of: Int64.self, capacity: end) { bits in
            bits.initialize(repeating: 0)
            for (index, value) in values.enumerated() { bits[starts[rank] + index] = Int64(value.bitPattern) }
            try sum(bits, for: purpose)
            for index in 0..<end { all[index] = Float(bitPattern: UInt32(truncatingIfNeeded: bits[index])) }
        }
    }
}

/// The transport of a run with one rank: there is nothing to add.
public final class SingleRank: Transport {
    /// A transport for one rank.
    public init() {}

    /// Leaves the values as they are.
    public func sum(_ values: UnsafeMutableBufferPointer<Int64>, for purpose: String) {}
    /// Leaves the values as they are.
    public func sum(_ values: UnsafeMutableBufferPointer<Double>, for purpose: String) {}
    /// Leaves the values as they are.
    public func sum(_ values: UnsafeMutableBufferPointer<Float>, for purpose: String) {}
}
