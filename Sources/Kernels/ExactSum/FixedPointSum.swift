/// Sums of Double values that come out the same in whatever order, by whatever reduction algorithm, they are added.
///
/// A value is cut into three signed digits of 48 bits, each held in an `Int64`, with the unit of the last digit at
/// 2⁻⁷²: integers add associatively, and MPI adds `Int64` natively. Fifteen spare bits in each of the lower digits
/// allow for 16,384 contributions. The idea is the long accumulator of Kulisch and Miranker (1986) cut down to the
/// range that training needs: magnitudes below 2⁶⁴ with a resolution of 2·10⁻²².
public enum FixedPointSum {
    /// Digits of one value.
    public static let digitCount = 3
    /// Contributions must be smaller in magnitude.
    public static let limit = 0x1p64
    /// The most contributions that one sum can take without a `carry` in between.
    public static let maximumContributions = 1 << 14

    /// Adds `value`, rounded to a multiple of 2⁻⁷², to three digits.
    ///
    /// - Parameter digits: three values, accumulated.
    /// - Returns: false, and nothing added, when the value is not finite or not below the limit.
    @inlinable
    public static func add(_ value: Double, to digits: UnsafeMutablePointer<Int64>) -> Bool {
        guard abs(value) < limit else { return false }
        // Truncation keeps every remainder exact and all digits of one sign.
        let high = (value * 0x1p-24).rounded(.towardZero)
        let afterHigh = value - high * 0x1p24
        let middle = (afterHigh * 0x1p24).rounded(.towardZero)
        let afterMiddle = afterHigh - middle * 0x1p-24
        digits[0] &+= Int64((afterMiddle * 0x1p72).rounded(.toNearestOrEven))
        digits[1] &+= Int64(middle)
        digits[2] &+= Int64(high)
        return true
    }

    /// Moves what the two lower digits hold above 48 bits into the next one, so that further contributions fit; the sum
    /// stays the same.
    ///
    /// - Parameter digits: three values, overwritten.
    @inlinable
    public static func carry(_ digits: UnsafeMutablePointer<Int64>) {
        for index in 0..<2 {
            digits[index + 1] &+= digits[index] >> 48
            digits[index] &= 0xFFFF_FFFF_FFFF
        }
    }

    /// The sum that three digits stand for, rounded to Double.
    ///
    /// - Parameter digits: three values, read; each may hold the sum of many digits.
    @inlinable
    public static func value(of digits: UnsafePointer<Int64>) -> Double {
        let low = digits[0] & 0xFFFF_FFFF_FFFF
        let upper = (Int128(digits[2]) << 48) + Int128(digits[1]) + Int128(digits[0] >> 48)
        // A small negative sum is −1 and a large low digit: both are exact, and so is their difference.
        return double(upper) * 0x1p-24 + Double(low) * 0x1p-72
    }

    /// The conversion from 128 bits is a generic loop; almost every sum fits 64.
    @inlinable
    static func double(_ integer: Int128) -> Double {
        if let small = Int64(exactly: integer) { return Double(small) }
        return Double(integer)
    }
}
