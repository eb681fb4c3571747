import Foundation

/// Numbers as figures show them.
enum FigureNumber {
    /// For people: as many significant digits as asked for, a minus sign instead of a hyphen.
    static func short(_ value: Double, digits: Int = 4) -> String {
        shown(value, "%.\(digits)g")
    }

    /// For people: numbers with an uncertainty, to a tenth of it or finer, at most four decimals.
    static func short(_ values: [Double], uncertainty: Double) -> [String] {
        guard uncertainty.isFinite, uncertainty > 1e-4, uncertainty < 1e6 else {
            return values.map { short($0, digits: 3) }
        }
        let decimals = min(4, max(0, 1 - Int(log10(uncertainty).rounded(.down))))
        return values.map { shown($0, "%.\(decimals)f") }
    }

    private static func shown(_ value: Double, _ format: String) -> String {
        if value.isNaN { return "no value" }
        if value.isInfinite { return value < 0 ? "\u{2212}∞" : "∞" }
        let text = String(format: format, value)
        // What rounds to nothing has no sign.
        let isZero = !text.contains { ("1"..."9").contains($0) }
        return text.replacing("-", with: isZero && !text.contains("e") ? "" : "\u{2212}")
    }

    /// For programs: every digit, whole numbers without a point.
    static func exact(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return value.isNaN ? "nan" : "\(value)"
    }
}
