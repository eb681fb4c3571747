/// Two settings over the seeds that both have: wrong images of the first less wrong images of the second.
public struct PairedDifferences: Equatable, Sendable {
    /// The two trials of one seed.
    public struct Pair: Codable, Equatable, Sendable {
        /// The seed.
        public let seed: Int
        /// Test images that the first setting gets wrong.
        public let firstWrong: Int
        /// Test images that the second setting gets wrong.
        public let secondWrong: Int

        /// The first less the second.
        public var difference: Int { firstWrong - secondWrong }
    }

    /// In the order of their seeds.
    public let pairs: [Pair]
    /// Of every trial; 0 without pairs.
    public let testImages: Int

    /// The pairs of two settings; a seed that only one of them has is left out.
    ///
    /// - Throws: `StatisticsError` if a seed appears twice in a setting, or if trials were tested on different numbers of
    ///   images.
    public init(first: [SeedErrors], second: [SeedErrors]) throws {
        let first = try SeedErrors.sorted(first)
        let second = try SeedErrors.sorted(second)
        if let one = first.first, let other = second.first { try SeedErrors.requireSameTest(one, other) }
        let bySeed = Dictionary(uniqueKeysWithValues: second.map { ($0.seed, $0.wrongImages) })
        pairs = first.compactMap { trial in
            bySeed[trial.seed].map { Pair(seed: trial.seed, firstWrong: trial.wrongImages, secondWrong: $0) }
        }
        testImages = pairs.isEmpty ? 0 : first[0].testImages
    }

    /// One difference a pair, in the order of the seeds.
    var counts: [Int] { pairs.map(\.difference) }

    /// The differences as points of the test images.
    var sample: CountSample { CountSample(counts, testImages: testImages) }
}
