/// Ranks that wait for others in a collective.
public struct Stall: Equatable, Sendable {
    /// The ranks that have not come.
    public let missing: [Int]
    /// The ranks that wait.
    public let present: [Int]
    /// What the collective is for.
    public let purpose: String
    /// How long the reporting rank has waited.
    public let seconds: Double

    /// A stall as it is reported.
    public init(missing: [Int], present: [Int], purpose: String, seconds: Double) {
        self.missing = missing
        self.present = present
        self.purpose = purpose
        self.seconds = seconds
    }
}
