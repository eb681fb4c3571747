/// Two settings that a study holds against each other, with what it has measured of them.
public struct PlannedContrast: Equatable, Sendable {
    /// What the study calls it.
    public let name: String
    /// The setting that is subtracted from.
    public let first: String
    /// The setting that is subtracted.
    public let second: String
    /// Their pairs; none before anything was measured.
    public let differences: PairedDifferences
    /// Pairs whose weights are the same, bit for bit.
    public let identicalPairs: Int
    /// What it is held against; nil: it is only looked at.
    public let claim: Claim?

    /// Two settings and their pairs.
    public init(
        name: String, first: String, second: String, differences: PairedDifferences, identicalPairs: Int = 0,
        claim: Claim? = nil
    ) {
        self.name = name
        self.first = first
        self.second = second
        self.differences = differences
        self.identicalPairs = identicalPairs
        self.claim = claim
    }
}
