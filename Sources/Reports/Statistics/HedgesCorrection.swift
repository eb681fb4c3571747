import Foundation

/// What takes the bias from a standardised mean of `count` values:
/// J = Γ(m/2) / (√(m/2)·Γ((m−1)/2)) with m = count − 1 degrees of freedom (Hedges 1981, the exact form).
///
/// nil for fewer than three values, for which the bias has no end.
func hedgesCorrection(count: Int) -> Double? {
    guard count > 2 else { return nil }
    let half = Double(count - 1) / 2
    return exp(lgamma(half).0 - lgamma(half - 0.5).0) / half.squareRoot()
}
