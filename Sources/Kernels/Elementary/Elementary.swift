// Elementary functions without the C library, whose last digit differs from one to the next: equal inputs give equal bits
// everywhere, because IEEE 754 rounds additions, products and quotients alike.

/// ln x for a positive normal number, without the C library, whose last digit differs from one to the next.
///
/// With x = m·2ᵉ, √½ ≤ m < √2 and s = (m−1)/(m+1): ln x = e·ln 2 + 2(s + s³/3 + s⁵/5 + …). As |s| < 0.172, the first
/// term left out, s²³/23, is below the rounding of the sum.
public func naturalLogarithm(_ value: Double) -> Double {
    assert(value.isNormal && value > 0, "no logarithm of \(value)")
    var exponent = Double(value.exponent)
    var mantissa = value.significand
    if mantissa >= 2.0.squareRoot() {
        mantissa /= 2
        exponent += 1
    }
    let ratio = (mantissa - 1) / (mantissa + 1)
    var series = 0.0
    for power in stride(from: 21, through: 1, by: -2) {
        series = series * (ratio * ratio) + 1 / Double(power)
    }
    // ln 2 in two parts: the first has few enough digits for its product with the exponent to be exact.
    return exponent * 0x1.62e42fee00000p-1 + (2 * ratio * series + exponent * 0x1.a39ef35793c76p-33)
}

/// eˣ for x ≤ 0, without the C library, whose last digit differs from one to the next.
///
/// With x = k·ln 2 + r, |r| ≤ ln 2 / 2: eˣ = 2ᵏ(1 + r + r²/2! + …). The first term left out, r¹⁴/14!, is below the
/// rounding of the sum.
public func exponential(ofNonPositive value: Double) -> Double {
    // Below, the result is no normal number and nothing beside the largest term of a sum; not a number stays so.
    if value < -700 { return 0 }
    guard value <= 0 else { return .nan }
    let exponent = (value * 0x1.71547652b82fep0).rounded()
    // ln 2 in two parts: the first has few enough digits for its product with the exponent to be exact.
    let rest = value - exponent * 0x1.62e42fee00000p-1 - exponent * 0x1.a39ef35793c76p-33
    var series = 1.0
    for term in stride(from: 13.0, through: 1, by: -1) { series = 1 + rest / term * series }
    return Double(sign: .plus, exponent: Int(exponent), significand: series)
}

/// cos(π·turns) for 0 ≤ turns ≤ 1.
///
/// Reduced to at most an eighth of a whole turn, where cosine and sine are their Taylor series; the first term left out,
/// (π/4)¹⁸/18!, is below the rounding of the sum.
public func cosine(ofHalfTurns turns: Double) -> Double {
    precondition((0...1).contains(turns), "\(turns) half turns are not between 0 and 1")
    if turns > 0.5 { return -cosine(ofHalfTurns: 1 - turns) }
    let usesSine = turns > 0.25
    let angle = Double.pi * (usesSine ? 0.5 - turns : turns)
    // 1 − x²/2! + x⁴/4! − … and x(1 − x²/3! + x⁴/5! − …), from the inside out.
    var series = 1.0
    for term in stride(from: 16.0, through: 2, by: -2) {
        series = 1 - angle * angle / (usesSine ? term * (term + 1) : term * (term - 1)) * series
    }
    return usesSine ? angle * series : series
}

/// base to a whole power from 0, by repeated squaring.
public func power(_ base: Double, _ exponent: Int) -> Double {
    precondition(exponent >= 0, "\(exponent) is below 0")
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
        if rest & 1 == 1 { result *= square }
        square *= square
        rest >>= 1
    }
    return result
}
