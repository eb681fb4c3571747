/// A long row of measurements put together in bins of consecutive ones, few enough for a figure.
struct StepBins {
    /// Measurements in a bin; the last one may hold fewer.
    let size: Int
    /// The mean of each bin; where a bin holds more than one measurement, its band reaches from the smallest to the
    /// largest. Both are those of the measurements that are numbers, unless none is.
    let points: [LinePlot.Point]

    /// - Parameters:
    ///   - steps: ascending; a bin stands at the mean of its steps.
    ///   - values: as many.
    ///   - most: bins at most, at least 1.
    init(steps: [Double], values: [Double], most: Int) {
        let count = min(steps.count, values.count)
        let size = max(1, (count + most - 1) / most)
        self.size = size
        points = stride(from: 0, to: count, by: size).map { first in
            let bin = first..<min(first + size, count)
            let step = steps[bin].reduce(0, +) / Double(bin.count)
            let numbers = values[bin].filter(\.isFinite)
            guard let smallest = numbers.min(), let largest = numbers.max() else {
                return LinePlot.Point(x: step, y: .nan)
            }
            let mean = numbers.reduce(0, +) / Double(numbers.count)
            return LinePlot.Point(x: step, y: mean, band: bin.count > 1 ? smallest...largest : nil)
        }
    }

    /// What a point is, as a sentence begins; empty where each is a measurement of its own.
    var explanation: String {
        size > 1 ? " Each point is the mean of up to \(size) steps." : ""
    }
}
