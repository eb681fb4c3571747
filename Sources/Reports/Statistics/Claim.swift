/// What a paper or a prediction says of a contrast before it is measured.
public struct Claim: Codable, Equatable, Sendable {
    /// What can be said of two settings.
    public enum Statement: Codable, Equatable, Sendable {
        /// The first setting errs on fewer test images.
        case firstLower
        /// The first setting errs on more test images.
        case firstHigher
        /// The two differ by less than a margin, in points.
        case equivalent(margin: Double)
        /// The two come to the same weights, bit for bit.
        case identical
    }

    /// What became of a claim.
    public enum Outcome: String, Codable, Sendable {
        /// The measurements bear it out.
        case held
        /// The measurements say the opposite.
        case contradicted
        /// These measurements can't tell.
        case undecided
    }

    /// What is said.
    public let statement: Statement
    /// Who says so: a paper, or a reason. May be empty.
    public let source: String

    /// - Throws: `StatisticsError` unless the margin of an equivalence is a number above 0.
    public init(_ statement: Statement, source: String) throws {
        if case .equivalent(let margin) = statement, !(margin > 0 && margin.isFinite) {
            throw StatisticsError(
                description: "the margin of an equivalence must be a number of points above 0, not \(margin)")
        }
        self.statement = statement
        self.source = source
    }

    /// The margin of an equivalence in points; nil for a direction.
    public var margin: Double? {
        if case .equivalent(let margin) = statement { return margin }
        return nil
    }
}
