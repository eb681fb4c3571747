/// p-values of several contrasts, adjusted by the distribution of the largest |t| among those that are not larger, with
/// the signs of all differences of a seed flipped together (Westfall and Young 1993, algorithm 4.1; Romano and Wolf 2005).
///
/// Contrasts that share a setting move together, which Holm's adjustment doesn't know: with six seeds this one can go
/// below 0.05 for any number of contrasts.
///
/// In place of t stands |Σ±d|/√Σd², which is the same to compare with: the one rises with the other. It stays finite where
/// all differences are equal, and weighs contrasts alike that have different numbers of seeds. Its square is a ratio of
/// integers, so that ties are ties, and the p-values are k/2ⁿ to the last bit.
struct StepDownMaxT {
    /// All sign patterns are gone through: at most this many seeds.
    static let mostSeeds = 20

    private let sums: [Int]
    private let squares: [UInt128]
    /// Seed by seed: what flipping its sign from plus to minus takes from each contrast's sum.
    private let steps: [[Int]]
    /// Contrasts, the largest statistic first.
    private let order: [Int]

    /// nil where the contrasts have more than `mostSeeds` seeds between them.
    init?(_ contrasts: [PairedDifferences]) {
        // A single pair has the same statistic whatever its sign: it has nothing to say, and must not speak for others.
        let pairs = contrasts.map { $0.pairs.count > 1 ? $0.pairs : [] }
        let seeds = Set(pairs.joined().map(\.seed)).sorted()
        guard seeds.count <= Self.mostSeeds else { return nil }
        let rows = Dictionary(uniqueKeysWithValues: zip(seeds, seeds.indices))
        var steps = seeds.map { _ in Array(repeating: 0, count: contrasts.count) }
        for (column, pairs) in pairs.enumerated() {
            for pair in pairs { steps[rows[pair.seed, default: 0]][column] = 2 * pair.difference }
        }
        self.steps = steps
        let sums = pairs.map { $0.reduce(0) { $0 + $1.difference } }
        // Without a difference the statistic is 0, not 0/0.
        let squares = pairs.map { pairs in
            max(1, pairs.map { UInt128($0.difference.magnitude) }.reduce(0) { $0 + $1 * $1 })
        }
        self.sums = sums
        self.squares = squares
        order = sums.indices.sorted { one, other in
            let isLarger = !Self.reaches(sums[other], squares[other], as: sums[one], squares[one])
            let isEqual = !isLarger && Self.reaches(sums[one], squares[one], as: sums[other], squares[other])
            return isLarger || isEqual && one < other
        }
    }

    /// One p-value a contrast, in their order; 1 for those with fewer than two pairs or without a difference.
    var adjusted: [Double] {
        let counts = reachedCounts()
        let patterns = 1 << max(0, steps.count - 1)
        var result = Array(repeating: 1.0, count: sums.count)
        var largest = 0.0
        for (place, contrast) in order.enumerated() {
            largest = max(largest, Double(counts[place]) / Double(patterns))
            result[contrast] = largest
        }
        return result
    }

    /// For each place in the order: the sign patterns in which a contrast there or later reaches the statistic of that place.
    ///
    /// The last seed keeps its sign, since a pattern and its opposite have the same statistics. From one pattern to the next
    /// a single sign is flipped: a Gray code.
    private func reachedCounts() -> [Int] {
        let limits = order.indices.map { place in order[place...].map { limit(of: $0, at: order[place]) } }
        var counts = Array(repeating: 0, count: order.count)
        var current = order.map { sums[$0] }
        var isFlipped = steps.map { _ in false }
        for pattern in 0..<(1 << max(0, steps.count - 1)) {
            if pattern > 0 {
                let seed = pattern.trailingZeroBitCount
                isFlipped[seed].toggle()
                for (place, contrast) in order.enumerated() {
                    current[place] += isFlipped[seed] ? -steps[seed][contrast] : steps[seed][contrast]
                }
            }
            for place in order.indices where isReached(limits[place], by: current[place...]) { counts[place] += 1 }
        }
        return counts
    }

    private func isReached(_ limits: [Int], by sums: ArraySlice<Int>) -> Bool {
        zip(limits, sums).contains { limit, sum in abs(sum) >= limit }
    }

    /// The smallest |Σ±d| of a contrast with which its statistic is not below the one that `threshold` has.
    private func limit(of contrast: Int, at threshold: Int) -> Int {
        var below = -1
        var reached = 1 << 62
        while reached - below > 1 {
            let middle = below + (reached - below) / 2
            let isEnough = Self.reaches(middle, squares[contrast], as: sums[threshold], squares[threshold])
            if isEnough { reached = middle } else { below = middle }
        }
        return reached
    }

    /// Whether `sum`/√`square` is not below `otherSum`/√`otherSquare` in magnitude.
    private static func reaches(_ sum: Int, _ square: UInt128, as otherSum: Int, _ otherSquare: UInt128) -> Bool {
        func power(_ sum: Int) -> UInt128 { UInt128(sum.magnitude) * UInt128(sum.magnitude) }
        let one = power(sum).multipliedFullWidth(by: otherSquare)
        let other = power(otherSum).multipliedFullWidth(by: square)
        return (one.high, one.low) >= (other.high, other.low)
    }
}
