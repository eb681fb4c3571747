/// The mean of a figure over seeds, with its spread.
struct MeanEstimate {
    /// One a seed, in the order of the trials; finite.
    let values: [(seed: Int, value: Double)]
    /// Their mean.
    let mean: Double
    /// The deviation over seeds, with divisor n − 1; nil with fewer than two.
    let deviation: Double?
    /// Student's 95% interval of the mean (Student 1908); nil with fewer than two seeds.
    let interval: ClosedRange<Double>?

    /// nil without a finite value; those that are not finite are left out.
    init?(_ values: [(seed: Int, value: Double)]) {
        let finite = values.filter(\.value.isFinite)
        guard !finite.isEmpty else { return nil }
        self.values = finite
        let count = Double(finite.count)
        let mean = finite.reduce(0) { $0 + $1.value } / count
        self.mean = mean
        guard finite.count > 1 else {
            (deviation, interval) = (nil, nil)
            return
        }
        let squares = finite.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) }
        let deviation = (squares / (count - 1)).squareRoot()
        let reach = StudentT(degreesOfFreedom: count - 1).quantile(0.975) * deviation / count.squareRoot()
        self.deviation = deviation
        interval = (mean - reach)...(mean + reach)
    }
}
