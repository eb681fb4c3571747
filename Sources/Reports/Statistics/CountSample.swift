/// Integers out of a number of test images, one a seed: wrong images of one setting, or differences between two.
///
/// Sums stay integers until the last step, so that equal counts have a deviation of exactly 0. Points are percentage
/// points of the test images.
struct CountSample {
    /// One a seed.
    let counts: [Int]
    private let testImages: Int
    private let sum: Int128
    /// n² times the variance with divisor n: nΣd² − (Σd)².
    private let scaledVariance: Int128

    /// - Parameter counts: at most `SeedErrors.mostImages` in magnitude.
    init(_ counts: [Int], testImages: Int) {
        precondition(counts.count <= 1 << 20, "\(counts.count) seeds are more than exact sums have room for")
        self.counts = counts
        self.testImages = testImages
        sum = counts.reduce(0) { $0 + Int128($1) }
        scaledVariance = Int128(counts.count) * counts.reduce(0) { $0 + Int128($1) * Int128($1) } - sum * sum
    }

    /// The number of seeds.
    private var n: Double { Double(counts.count) }

    /// The mean in points; nil without seeds.
    var mean: Double? { counts.isEmpty ? nil : 100 * Double(sum) / (n * Double(testImages)) }

    /// The deviation in points, with divisor n − 1; nil with fewer than two seeds.
    var deviation: Double? {
        guard counts.count > 1 else { return nil }
        return 100 / Double(testImages) * (Double(scaledVariance) / (n * (n - 1))).squareRoot()
    }

    /// The mean's deviation in points.
    private var standardError: Double? { deviation.map { $0 / n.squareRoot() } }

    /// Student's interval for the mean, in points (Student 1908); nil with fewer than two seeds.
    ///
    /// Where all counts are equal it is that one value.
    ///
    /// - Parameter level: the share of samples whose interval covers the mean, if the counts are normally distributed.
    func interval(level: Double) -> ClosedRange<Double>? {
        guard let mean, let standardError else { return nil }
        let reach = StudentT(degreesOfFreedom: n - 1).quantile((1 + level) / 2) * standardError
        return (mean - reach)...(mean + reach)
    }

    /// Student's t against a mean of 0 (Student 1908); nil with fewer than two seeds or where all counts are equal.
    var t: Double? {
        guard counts.count > 1, scaledVariance != 0 else { return nil }
        return Double(sum) * ((n - 1) / Double(scaledVariance)).squareRoot()
    }

    /// The two-sided p-value of `t`; nil with fewer than two seeds.
    ///
    /// Where all counts are equal it is the limit as their deviation goes to 0: 1 if they are 0, and 0 otherwise.
    var tTestP: Double? {
        guard counts.count > 1 else { return nil }
        guard let t else { return sum == 0 ? 1 : 0 }
        return StudentT(degreesOfFreedom: n - 1).twoSidedP(t)
    }

    /// The larger p-value of the two one-sided t tests that the mean lies above −`margin` and below `margin`
    /// (Schuirmann 1987); nil with fewer than two seeds.
    ///
    /// Where all counts are equal it is the limit as their deviation goes to 0: 0 within the margin, and 1 otherwise.
    ///
    /// - Parameter margin: in points.
    func equivalenceP(margin: Double) -> Double? {
        guard let mean, let standardError else { return nil }
        let room = margin - abs(mean)
        if standardError == 0 { return room > 0 ? 0 : 1 }
        return StudentT(degreesOfFreedom: n - 1).upperTail(room / standardError)
    }

    /// The mean in units of the deviation, d_z (Cohen 1988, section 2.3.5); nil with fewer than two seeds or where all
    /// counts are equal.
    var effectSize: Double? { t.map { $0 / n.squareRoot() } }
}
