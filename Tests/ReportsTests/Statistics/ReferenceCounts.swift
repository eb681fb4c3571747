@testable import Reports

/// Wrong images of 10,000 over eight seeds. What the tests expect of them comes from SciPy 1.17.1 and statsmodels 0.15.0,
/// on counts/100, unless they say otherwise.
enum ReferenceCounts {
    static let a = [2266, 2194, 2310, 2231, 2285, 2170, 2240, 2305]
    static let b = [1971, 1990, 2045, 1935, 2010, 2060, 1995, 1980]
    static let c = [2270, 2199, 2295, 2240, 2280, 2185, 2230, 2315]
}

/// Trials with the seeds 1, 2, 3, … or those given.
func trials(_ wrong: [Int], of testImages: Int = 10_000, seeds: [Int]? = nil) throws -> [SeedErrors] {
    try zip(seeds ?? Array(1...max(1, wrong.count)), wrong).map {
        try SeedErrors(seed: $0, wrongImages: $1, testImages: testImages)
    }
}

/// The pairs of the first `count` seeds.
func pairs(_ first: [Int], _ second: [Int], count: Int? = nil) throws -> PairedDifferences {
    let count = count ?? first.count
    return try PairedDifferences(
        first: trials(Array(first.prefix(count))), second: trials(Array(second.prefix(count))))
}

/// Pairs with these differences, which must not be larger than 5,000.
func pairs(differences: [Int], seeds: [Int]? = nil) throws -> PairedDifferences {
    try PairedDifferences(
        first: trials(differences.map { 5000 + $0 }, seeds: seeds),
        second: trials(differences.map { _ in 5000 }, seeds: seeds))
}
