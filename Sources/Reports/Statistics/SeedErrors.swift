/// How many test images one trial gets wrong.
public struct SeedErrors: Equatable, Sendable {
    /// The seed of the trial: trials of two settings with the same seed are a pair.
    public let seed: Int
    /// Wrongly classified test images.
    public let wrongImages: Int
    /// All test images.
    public let testImages: Int

    /// More images than any test set holds; sums over squares of such counts stay exact.
    static let mostImages = 1 << 40

    /// - Throws: `StatisticsError` unless 0 ≤ `wrongImages` ≤ `testImages`, and there is a test image.
    public init(seed: Int, wrongImages: Int, testImages: Int) throws {
        guard (1...Self.mostImages).contains(testImages), (0...testImages).contains(wrongImages) else {
            throw StatisticsError(
                description: "the trial of seed \(seed) can't have \(wrongImages) of \(testImages) test images wrong: "
                    + "run it again")
        }
        self.seed = seed
        self.wrongImages = wrongImages
        self.testImages = testImages
    }

    /// One setting's trials in the order of their seeds.
    ///
    /// - Throws: `StatisticsError` if a seed appears twice, or if the trials were tested on different numbers of images.
    static func sorted(_ errors: [SeedErrors]) throws -> [SeedErrors] {
        let sorted = errors.sorted { $0.seed < $1.seed }
        for (earlier, later) in zip(sorted, sorted.dropFirst()) {
            if earlier.seed == later.seed {
                throw StatisticsError(description: "seed \(later.seed) appears twice in one setting: give it once")
            }
            try requireSameTest(earlier, later)
        }
        return sorted
    }

    /// Throws unless two trials were tested on as many images.
    static func requireSameTest(_ first: SeedErrors, _ second: SeedErrors) throws {
        guard first.testImages != second.testImages else { return }
        let seeds = first.seed == second.seed ? "seed \(first.seed)" : "seeds \(first.seed) and \(second.seed)"
        throw StatisticsError(
            description: "trials of \(seeds) were tested on \(first.testImages) and \(second.testImages) images: only "
                + "trials with the same test images can be held against each other")
    }
}
