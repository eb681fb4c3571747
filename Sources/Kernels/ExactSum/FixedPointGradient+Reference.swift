extension FixedPointGradient {
    /// The plain form of `add`, one value after another; values must be finite and below the limit.
    ///
    /// - Parameters:
    ///   - gradient: count, read.
    ///   - sum: count, accumulated.
    public static func addReference(
        _ gradient: UnsafePointer<Float>, count: Int, to sum: UnsafeMutablePointer<Int64>
    ) {
        for index in 0..<count {
            sum[index] += Int64((Double(gradient[index]) / unit).rounded(.toNearestOrEven))
        }
    }
}
