/// The exact p-value of paired differences whose signs could each as well be the other: the share of all sign patterns
/// with |Σ±d| ≥ |Σd| (Fisher 1935, section 21).
///
/// All 2ⁿ patterns are counted through the distinct sums that they have, which are far fewer than patterns when there are
/// many seeds. Integers leave no tie to rounding; with up to 53 differences the result is k/2ⁿ to the last bit.
///
/// - Returns: nil without differences, and where more than four million sums would have to be told apart: that takes more
///   than 22 seeds, and differences of 100,000 images.
func signFlipTest(_ differences: [Int]) -> Double? {
    guard !differences.isEmpty else { return nil }
    var distribution = SumDistribution()
    // A difference of 0 has no sign.
    for difference in differences where difference != 0 {
        distribution.add(plusOrMinus: abs(difference))
        if distribution.sums.count > 1 << 22 { return nil }
    }
    let observed = abs(differences.reduce(0, +))
    return zip(distribution.sums, distribution.shares).reduce(0) { abs($1.0) >= observed ? $0 + $1.1 : $0 }
}

/// How often each sum comes about when the signs of its terms are tossed.
private struct SumDistribution {
    /// Ascending.
    private(set) var sums = [0]
    /// Of the patterns; together 1.
    private(set) var shares = [1.0]

    /// One more term: the sums less it and the sums with it, merged.
    mutating func add(plusOrMinus term: Int) {
        var merged: [Int] = []
        var mergedShares: [Double] = []
        merged.reserveCapacity(2 * sums.count)
        mergedShares.reserveCapacity(2 * sums.count)
        var lower = 0
        var upper = 0
        while upper < sums.count {
            let below = lower < sums.count ? sums[lower] - term : Int.max
            let above = sums[upper] + term
            merged.append(min(below, above))
            var share = 0.0
            if below <= above {
                share += shares[lower] / 2
                lower += 1
            }
            if above <= below {
                share += shares[upper] / 2
                upper += 1
            }
            mergedShares.append(share)
        }
        sums = merged
        shares = mergedShares
    }
}
