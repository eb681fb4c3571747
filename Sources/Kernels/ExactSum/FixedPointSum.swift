/// Sums of Double values that come out the same in whatever order, by whatever reduction algorithm, they are added.
///
/// A value is cut into signed digits of 48 bits, each held in an `Int64`: integers add associatively, and MPI adds
/// `Int64` natively. Fifteen spare bits in each digit allow for 16,384 contributions. The idea is the long accumulator of
/// Kulisch and Miranker (1986), cut down to the range that is needed.
public struct FixedPointSum: Equatable, Sendable {
    /// Digits of one sum.
    public let digitCount: Int
    /// The lowest digit counts multiples of 2 to this power.
    public let unitExponent: Int

    /// Of activations: magnitudes below 2⁷² with a resolution of 2·10⁻²².
    public static let activations = FixedPointSum(digitCount: 3, unitExponent: -72)
    /// Of gradients and losses, whose scale nobody knows beforehand: every finite Float is added without rounding, and a
    /// sum of products of them keeps all digits of a Double from 2⁻¹⁰⁷ to 2¹²⁸.
    public static let gradients = FixedPointSum(digitCount: 6, unitExponent: -160)

    /// The most contributions that one sum can take without a `carry` in between.
    public static let maximumContributions = 1 << 14

    /// Bits of a digit.
    static let digitBits = 48
    private static let digitMask = Int64(1) << 48 - 1

    /// Contributions must be smaller in magnitude.
    public var limit: Double {
        Double(sign: .plus, exponent: unitExponent + Self.digitBits * digitCount, significand: 1)
    }

    /// Adds `value`, rounded to a multiple of the unit (halves to the even one), to a sum.
    ///
    /// - Parameter digits: `digitCount` values, accumulated.
    /// - Returns: false, and nothing added, when the value is not finite or not below the limit.
    public func add(_ value: Double, to digits: UnsafeMutablePointer<Int64>) -> Bool {
        guard abs(value) < limit else { return false }
        // Magnitude = significand · 2^(shift + unitExponent); subnormal numbers are far below half a unit.
        guard value.isNormal else { return true }
        let significand = value.significandBitPattern | (1 << 52)
        let shift = Int(value.exponent) - 52 - unitExponent
        var index = 0
        var pieces: UInt128
        if shift >= 0 {
            index = shift / Self.digitBits
            pieces = UInt128(significand) << UInt128(shift % Self.digitBits)
        } else {
            pieces = UInt128(Self.shiftedRight(significand, by: -shift))
        }
        let isNegative = value < 0
        while pieces != 0 {
            let digit = Int64(truncatingIfNeeded: pieces) & Self.digitMask
            digits[index] &+= isNegative ? -digit : digit
            pieces >>= 48
            index += 1
        }
        return true
    }

    /// integer · 2^−bits, rounded to the nearest integer and halves to the even one.
    private static func shiftedRight(_ integer: UInt64, by bits: Int) -> UInt64 {
        guard bits < 64 else { return 0 }
        let quotient = integer >> UInt64(bits)
        let remainder = integer & (1 << UInt64(bits) - 1)
        let half = UInt64(1) << UInt64(bits - 1)
        return remainder > half || (remainder == half && quotient & 1 == 1) ? quotient + 1 : quotient
    }

    /// Moves what a digit holds above its 48 bits into the next one, so that further contributions fit; the sum stays the
    /// same.
    ///
    /// - Parameter digits: `digitCount` values, overwritten.
    public func carry(_ digits: UnsafeMutablePointer<Int64>) {
        for index in 0..<digitCount - 1 {
            digits[index + 1] &+= digits[index] >> 48
            digits[index] &= Self.digitMask
        }
    }

    /// The sum, rounded once to the nearest Double: it depends on the sum alone, and a sum times a power of two gives
    /// the same times that power.
    ///
    /// - Parameter digits: `digitCount` values, read.
    public func value(of digits: UnsafePointer<Int64>) -> Double {
        withUnsafeTemporaryAllocation(of: Int64.self, capacity: digitCount) { buffer in
            guard let magnitude = buffer.baseAddress else { return 0 }
            magnitude.update(from: digits, count: digitCount)
            carry(magnitude)
            let isNegative = magnitude[digitCount - 1] < 0
            if isNegative {
                for index in 0..<digitCount { magnitude[index] = -magnitude[index] }
                carry(magnitude)
            }
            let value = rounded(magnitude)
            return isNegative ? -value : value
        }
    }

    /// - Parameter magnitude: digits of 48 bits, none negative; the highest may have more.
    private func rounded(_ magnitude: UnsafePointer<Int64>) -> Double {
        guard var lowest = (0..<digitCount).last(where: { magnitude[$0] != 0 }) else { return 0 }
        var window = UInt128(UInt64(magnitude[lowest]))
        while lowest > 0, window.leadingZeroBitCount >= Self.digitBits {
            lowest -= 1
            window = window << 48 | UInt128(UInt64(magnitude[lowest]))
        }
        // At least 80 bits, or all there are. The 64 highest decide, together with whether anything follows them.
        let excess = max(0, 64 - window.leadingZeroBitCount)
        let highest = UInt64(truncatingIfNeeded: window >> UInt128(excess))
        let hasMore =
            window & (UInt128(1) << UInt128(excess) - 1) != 0 || (0..<lowest).contains { magnitude[$0] != 0 }
        return Double(hasMore ? highest | 1 : highest)
            * Double(sign: .plus, exponent: excess + Self.digitBits * lowest + unitExponent, significand: 1)
    }
}
