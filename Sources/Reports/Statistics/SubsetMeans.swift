/// The means of all subsets of differences, which carry an interval for their centre that supposes nothing but symmetry
/// (Hartigan 1969, "Using subsample values as typical values").
struct SubsetMeans {
    /// All 2ⁿ − 1 subsets are gone through: at most this many differences.
    static let mostDifferences = 20

    /// Of the non-empty subsets, ascending, in points.
    let sorted: [Double]
    /// 2ⁿ.
    private let patterns: Int

    /// nil without differences, and with more than `mostDifferences`.
    init?(_ differences: [Int], testImages: Int) {
        guard (1...Self.mostDifferences).contains(differences.count) else { return nil }
        patterns = 1 << differences.count
        var sums = Array(repeating: 0, count: patterns)
        for subset in 1..<patterns {
            sums[subset] = sums[subset & (subset - 1)] + differences[subset.trailingZeroBitCount]
        }
        sorted = (1..<patterns).map { 100 * Double(sums[$0]) / (Double($0.nonzeroBitCount) * Double(testImages)) }
            .sorted()
    }

    /// From the `k`-th smallest mean to the `k`-th largest.
    ///
    /// - Parameter k: from 1 to half the number of subsets.
    func interval(k: Int) -> ClosedRange<Double> { sorted[k - 1]...sorted[sorted.count - k] }

    /// The share of symmetric samples whose `interval(k:)` covers the centre.
    func coverage(k: Int) -> Double { 1 - 2 * Double(k) / Double(patterns) }

    /// The narrowest interval that covers at least a share; nil where there are too few differences for any.
    func narrowest(covering level: Double) -> (interval: ClosedRange<Double>, coverage: Double)? {
        guard let k = (1...(patterns / 2)).last(where: { coverage(k: $0) >= level }) else { return nil }
        return (interval(k: k), coverage(k: k))
    }
}
