/// Ways to compute the mean and the biased variance of a set of values, kept for the tests and for teaching.
///
/// Where the mean is large against the deviation they differ by many orders of magnitude; `normtrain` trains with
/// `pivotedMoments`.
public enum VarianceFormula: String, CaseIterable, Sendable {
    /// Σx²/N − (Σx/N)² with sums in Float: loses 2·log₁₀(mean/deviation) of its 7 digits.
    case naiveFloat
    /// The same with sums in Double: the formula of synchronised batch norm.
    case momentsDouble
    /// The same on x − K, K being the first value, in Double.
    case pivotedMoments
    /// The mean first, then Σ(x−μ)²/N, in Double: the yardstick for the others.
    case twoPass
    /// Running mean and squared deviations merged value by value, in Float (Chan, Golub and LeVeque 1983, equation 1.5).
    case chanFloat

    /// The mean and biased variance of `values`; not a number when there are none.
    public func callAsFunction(_ values: UnsafeBufferPointer<Float>) -> (mean: Double, variance: Double) {
        switch self {
        case .naiveFloat: Self.naiveFloatMoments(values)
        case .momentsDouble: Self.moments(values, pivot: 0)
        case .pivotedMoments: Self.moments(values, pivot: Double(values.first ?? 0))
        case .twoPass: Self.twoPassMoments(values)
        case .chanFloat: Self.chanFloatMoments(values)
        }
    }

    private static func naiveFloatMoments(_ values: UnsafeBufferPointer<Float>) -> (mean: Double, variance: Double) {
        let count = Float(values.count)
        let mean = pairwiseSum(of: values[...]) { $0 } / count
        return (Double(mean), Double(pairwiseSum(of: values[...]) { $0 * $0 } / count - mean * mean))
    }

    private static func moments(
        _ values: UnsafeBufferPointer<Float>, pivot: Double
    ) -> (mean: Double, variance: Double) {
        let count = Double(values.count)
        let mean = pairwiseSum(of: values[...]) { Double($0) - pivot } / count
        let square = pairwiseSum(of: values[...]) { (Double($0) - pivot) * (Double($0) - pivot) } / count
        return (mean + pivot, square - mean * mean)
    }

    private static func twoPassMoments(_ values: UnsafeBufferPointer<Float>) -> (mean: Double, variance: Double) {
        let count = Double(values.count)
        let mean = pairwiseSum(of: values[...]) { Double($0) } / count
        return (mean, pairwiseSum(of: values[...]) { (Double($0) - mean) * (Double($0) - mean) } / count)
    }

    /// Halves are summed apart, so that what a formula loses is the formula's own loss and not that of a long sum.
    private static func pairwiseSum<Value: BinaryFloatingPoint>(
        of values: Slice<UnsafeBufferPointer<Float>>, _ term: (Float) -> Value
    ) -> Value {
        guard values.count > 8 else { return values.reduce(0) { $0 + term($1) } }
        let middle = values.startIndex + values.count / 2
        return pairwiseSum(of: values[..<middle], term) + pairwiseSum(of: values[middle...], term)
    }

    private static func chanFloatMoments(_ values: UnsafeBufferPointer<Float>) -> (mean: Double, variance: Double) {
        var count: Float = 0
        var mean: Float = 0
        var squaredDeviations: Float = 0
        for value in values {
            count += 1
            let delta = value - mean
            mean += delta / count
            squaredDeviations += delta * (value - mean)
        }
        return (Double(mean), Double(squaredDeviations / count))
    }
}
