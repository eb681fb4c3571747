import Foundation

/// The part of an axis that a figure shows.
struct AxisRange: Equatable {
    let low: Double
    let high: Double
    let isLogarithmic: Bool

    /// All values that can be drawn, with some room on both sides.
    ///
    /// Values that are all above or equal to 0 get no room below 0. Where all are equal they stand in the middle, and without
    /// any the axis goes from 0 to 1, a logarithmic one from 1 to 10.
    init(of values: [Double], isLogarithmic: Bool, room: Double) {
        self.isLogarithmic = isLogarithmic
        let drawn = values.filter { Self.canDraw($0, isLogarithmic: isLogarithmic) }
        guard let least = drawn.min(), let most = drawn.max() else {
            (low, high) = isLogarithmic ? (1, 10) : (0, 1)
            return
        }
        if isLogarithmic {
            let factor = most > least * (1 + 1e-9) ? pow(most / least, room) : 2
            (low, high) = (least / factor, most * factor)
        } else if most - least > 1e-9 * max(abs(least), abs(most)) {
            let room = room * (most - least)
            (low, high) = (least >= 0 ? max(0, least - room) : least - room, most + room)
        } else {
            let room = least == 0 ? 1 : abs(least) / 2
            (low, high) = (least - room, most + room)
        }
    }

    /// Whether a value has a place on an axis. A drawing program can't be trusted with numbers near the largest.
    static func canDraw(_ value: Double, isLogarithmic: Bool) -> Bool {
        guard value.isFinite, abs(value) < 1e100 else { return false }
        return !isLogarithmic || value > 1e-100
    }

    /// Whether a value has a place here.
    func contains(_ value: Double) -> Bool {
        Self.canDraw(value, isLogarithmic: isLogarithmic) && (low...high).contains(value)
    }

    /// Where a value lies between the ends, 0 to 1.
    func fraction(of value: Double) -> Double {
        isLogarithmic ? log(value / low) / log(high / low) : (value - low) / (high - low)
    }

    /// A value, moved to the nearer end if it lies outside.
    func clamped(_ value: Double) -> Double { min(max(value, low), high) }
}
