/// −ln softmax(logits)[label] of one image, and the gradient by its logits, in Double.
///
/// A confident network's loss is the small difference ln Σ exp(x−x_label) of numbers near each other, and its gradient
/// p−1 as well: in Float both keep few digits once a loss falls below 0.01.
///
/// - Parameters:
///   - logits: classes, read.
///   - factor: what the gradient is multiplied by.
///   - gradient: classes, overwritten: factor·(softmax(logits) − one-hot(label)).
/// - Returns: the loss; not a number where a logit is not a number.
public func softmaxCrossEntropy(
    of logits: UnsafePointer<Float>, classes: Int, label: Int, factor: Double,
    gradient: UnsafeMutablePointer<Float>
) -> Double {
    assert(label >= 0 && label < classes)
    var largest = logits[0]
    for index in 1..<max(1, classes) { largest = max(largest, logits[index]) }
    func power(_ index: Int) -> Double { exponential(ofNonPositive: Double(logits[index]) - Double(largest)) }
    var others = 0.0
    for index in 0..<classes where index != label { others += power(index) }
    let total = others + power(label)
    for index in 0..<classes {
        // p − 1 = −Σ of the others, without the cancellation.
        let difference = index == label ? -others : power(index)
        gradient[index] = Float(factor * difference / total)
    }
    guard total.isNormal else { return .nan }
    return Double(largest) - Double(logits[label]) + naturalLogarithm(total)
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
