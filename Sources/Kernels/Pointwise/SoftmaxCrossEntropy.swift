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
