/// What most of the measurements of one thing come to: a shared machine always leaves some that say nothing.
public struct Quantiles: Codable, Equatable, Sendable {
    /// Half of the measurements lie below.
    public let median: Double
    /// A tenth of the measurements lie below.
    public let tenth: Double
    /// A tenth of the measurements lie above.
    public let ninetieth: Double

    /// - Parameter values: at least one; a quantile between two of them lies on the line that joins them.
    public init(_ values: [Double]) {
        precondition(!values.isEmpty, "no measurements have no median")
        let sorted = values.sorted()
        func quantile(_ share: Double) -> Double {
            let position = share * Double(sorted.count - 1)
            let lower = Int(position)
            let upper = min(lower + 1, sorted.count - 1)
            return sorted[lower] + (position - Double(lower)) * (sorted[upper] - sorted[lower])
        }
        median = quantile(0.5)
        tenth = quantile(0.1)
        ninetieth = quantile(0.9)
    }
}
