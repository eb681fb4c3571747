import Foundation

/// The ticks of an axis.
enum AxisTicks {
    /// The ticks that an axis asks for, within its range; those whose labels would touch the one before have none.
    ///
    /// nil: wherever it looks best, which a logarithmic axis is not left to.
    static func shown(_ axis: Axis, in range: AxisRange, length: Double, size: Double) -> [Axis.Tick]? {
        let asked = axis.ticks.filter { range.contains($0.value) }.sorted { $0.value < $1.value }
        if asked.isEmpty, !range.isLogarithmic { return nil }
        var free = -Double.infinity
        return (asked.isEmpty ? powers(in: range) : asked).map { tick in
            let label = TextWidth.shortened(tick.label, to: length / 3, size: size)
            let half = TextWidth.estimate(label, size: size) / 2
            let middle = range.fraction(of: tick.value) * length
            guard middle - half > free else { return Axis.Tick(tick.value, "") }
            free = middle + half + size / 2
            return Axis.Tick(tick.value, label)
        }
    }

    /// Powers of ten, over less than three decades their double and fivefold too.
    private static func powers(in range: AxisRange) -> [Axis.Tick] {
        let decades = log10(range.high / range.low)
        let step = max(1, Int((decades / 8).rounded(.up)))
        let exponents = stride(
            from: Int(log10(range.low).rounded(.down)), through: Int(log10(range.high)) + 1, by: step)
        return exponents.flatMap { exponent in
            (decades < 3 ? [1.0, 2, 5] : [1]).map { $0 * pow(10, Double(exponent)) }
        }.filter(range.contains).map { Axis.Tick($0, FigureNumber.short($0)) }
    }
}
