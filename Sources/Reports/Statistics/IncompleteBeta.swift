import Foundation

/// The regularised incomplete beta function Iₓ(a, b), for a, b > 0.
///
/// The continued fraction of DLMF 8.17.22, evaluated from the front (Lentz 1976, as modified by Thompson and Barnett
/// 1986); where it converges slowly, the symmetry Iₓ(a, b) = 1 − I₁₋ₓ(b, a) of DLMF 8.17.4.
///
/// - Parameters:
///   - x: within 0 and 1.
///   - complement: 1 − x, which the caller may know to more digits than the subtraction leaves.
func regularizedIncompleteBeta(_ x: Double, complement: Double, _ a: Double, _ b: Double) -> Double {
    if x.isNaN || complement.isNaN { return .nan }
    if x <= 0 { return 0 }
    if complement <= 0 { return 1 }
    if x > (a + 1) / (a + b + 2) { return 1 - regularizedIncompleteBeta(complement, complement: x, b, a) }
    let logBeta = lgamma(a).0 + lgamma(b).0 - lgamma(a + b).0
    return exp(a * log(x) + b * log(complement) - logBeta) / a / betaFraction(x, a, b)
}

/// 1 + d₁/(1 + d₂/(1 + …)) with the coefficients of DLMF 8.17.23.
private func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    // Stands for a denominator of 0, which would end the recurrence.
    let tiny = 1e-300
    func nonZero(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var fraction = 1.0
    var numerator = 1.0
    var denominator = 0.0
    // About the square root of the larger of a and b are needed: enough for a billion.
    for term in 1...100_000 {
        let m = Double(term / 2)
        let coefficient =
            term % 2 == 0
            ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        denominator = 1 / nonZero(1 + coefficient * denominator)
        numerator = nonZero(1 + coefficient / numerator)
        let change = numerator * denominator
        fraction *= change
        if abs(change - 1) <= .ulpOfOne { break }
    }
    return fraction
}
