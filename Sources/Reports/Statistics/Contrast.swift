/// What two settings compared over paired seeds came to.
///
/// Differences are wrong images of the first less wrong images of the second; points are percentage points of the test
/// images. Figures that the number of pairs doesn't give are nil.
public struct Contrast: Codable, Equatable, Sendable {
    /// What the study calls it.
    public let name: String
    /// The setting that is subtracted from.
    public let first: String
    /// The setting that is subtracted.
    public let second: String
    /// In the order of their seeds.
    public let pairs: [PairedDifferences.Pair]
    /// Of every trial; 0 without pairs.
    public let testImages: Int

    /// The mean difference in points.
    public let mean: Double?
    /// The deviation of the differences in points, with divisor n − 1.
    public let deviation: Double?
    /// Paired t; nil also where all differences are equal.
    public let t: Double?
    /// Its two-sided p-value; where all differences are equal 1 if they are 0, otherwise 0.
    public let tTestP: Double?
    /// Student's 95% interval of the mean difference in points.
    public let interval95: ClosedRange<Double>?
    /// Student's 90% interval, which lies within the margin exactly where equivalence has a p-value below 0.05.
    public let interval90: ClosedRange<Double>?
    /// The interval by subset means in points, which supposes nothing but symmetry; the narrowest that covers 95%.
    public let subsetInterval: ClosedRange<Double>?
    /// The share that it covers exactly.
    public let subsetCoverage: Double?
    /// The mean difference in units of the deviation, d_z.
    public let effectSize: Double?
    /// d_z with Hedges' correction.
    public let correctedEffectSize: Double?
    /// Seeds with which the first setting errs on fewer images.
    public let seedsFirstLower: Int
    /// Seeds with which the first setting errs on more images.
    public let seedsFirstHigher: Int

    /// Of the exact two-sided sign-flip test, for this contrast alone.
    public let signFlipP: Double?
    /// That after Holm over all contrasts of the study.
    public let holmP: Double?
    /// After step-down max-|t| over all contrasts of the study; nil where these have more than 20 seeds between them.
    public let stepDownP: Double?
    /// Contrasts of the study.
    public let contrasts: Int
    /// The larger p-value of the two one-sided t tests for the claim's margin; not adjusted.
    public let equivalenceP: Double?

    /// Pairs whose weights are the same, bit for bit.
    public let identicalPairs: Int
    /// What it was held against.
    public let claim: Claim?
    /// What became of the claim; nil without one.
    public let outcome: Claim.Outcome?

    init(_ plan: PlannedContrast, contrasts: Int, signFlipP: Double?, holmP: Double?, stepDownP: Double?) {
        let differences = plan.differences
        let sample = differences.sample
        name = plan.name
        first = plan.first
        second = plan.second
        pairs = differences.pairs
        testImages = differences.testImages
        mean = sample.mean
        deviation = sample.deviation
        t = sample.t
        tTestP = sample.tTestP
        interval90 = sample.interval(level: 0.9)
        let subsets = SubsetMeans(differences.counts, testImages: differences.testImages)?.narrowest(covering: 0.95)
        subsetInterval = subsets?.interval
        subsetCoverage = subsets?.coverage
        effectSize = sample.effectSize
        let correction = hedgesCorrection(count: pairs.count)
        correctedEffectSize = sample.effectSize.flatMap { size in correction.map { $0 * size } }
        seedsFirstLower = pairs.count { $0.difference < 0 }
        seedsFirstHigher = pairs.count { $0.difference > 0 }
        self.signFlipP = signFlipP
        self.holmP = holmP
        self.stepDownP = stepDownP
        self.contrasts = contrasts
        let interval = sample.interval(level: 0.95)
        let equivalenceP = plan.claim?.margin.flatMap { sample.equivalenceP(margin: $0) }
        interval95 = interval
        self.equivalenceP = equivalenceP
        identicalPairs = plan.identicalPairs
        claim = plan.claim
        outcome =
            claim?.statement == .identical
            ? (pairs.isEmpty ? .undecided : identicalPairs == pairs.count ? .held : .contradicted)
            : plan.claim?.outcome(
                mean: sample.mean, adjustedP: stepDownP ?? holmP, equivalenceP: equivalenceP, interval95: interval)
    }

    /// The p-value that decides a direction: after step-down max-|t|, or after Holm where there are too many seeds for it.
    public var adjustedP: Double? { stepDownP ?? holmP }

    /// What this number of seeds can reach.
    public var reach: Reach { Reach(seeds: pairs.count, contrasts: contrasts) }

    /// How many seeds are in favour: of the claim's direction, or of the mean's where there is no such claim.
    public var seedsInFavour: Int {
        switch claim?.statement {
        case .firstLower: seedsFirstLower
        case .firstHigher: seedsFirstHigher
        case .identical: identicalPairs
        case .equivalent, nil: (mean ?? 0) < 0 ? seedsFirstLower : seedsFirstHigher
        }
    }
}

extension Claim {
    /// A direction is decided by the adjusted p-value and the sign of the mean. An equivalence holds by its two one-sided
    /// tests, and is contradicted by a 95% interval wholly beyond the margin.
    fileprivate func outcome(
        mean: Double?, adjustedP: Double?, equivalenceP: Double?, interval95: ClosedRange<Double>?
    ) -> Outcome {
        switch statement {
        case .equivalent(let margin):
            guard let equivalenceP, let interval95 else { return .undecided }
            if equivalenceP < Reach.level { return .held }
            return interval95.lowerBound > margin || interval95.upperBound < -margin ? .contradicted : .undecided
        case .identical: return .undecided
        case .firstLower, .firstHigher:
            guard let mean, let adjustedP, adjustedP < Reach.level, mean != 0 else { return .undecided }
            return (mean < 0) == (statement == .firstLower) ? .held : .contradicted
        }
    }
}
