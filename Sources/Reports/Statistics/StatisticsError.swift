/// Counts that can't be held against each other.
public struct StatisticsError: Error, Equatable, CustomStringConvertible {
    /// The sentence for the user.
    public let description: String
}
