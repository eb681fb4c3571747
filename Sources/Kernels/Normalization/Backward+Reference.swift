/// The plain form of a normalisation's backward pass over one statistics group, in Double.
///
/// It computes everything again from x: statistics, output mask, both sums and the gradients, so that finite
/// differences of `normalizationForwardReference` can check it as a whole.
///
/// - Parameters:
///   - gradient, x: count values each, read; all belong to one group and share γ and β.
///   - inputGradient: count, overwritten.
/// - Returns: dγ = Σg·x̂ and dβ = Σg over the group.
public func normalizationBackwardReference(
    of gradient: UnsafePointer<Double>, at x: UnsafePointer<Double>, count: Int, gamma: Double, beta: Double,
    epsilon: Double, activation: Activation, into inputGradient: UnsafeMutablePointer<Double>
) -> (gamma: Double, beta: Double) {
    let (mean, inverseDeviation) = groupStatisticsReference(x, count: count, epsilon: epsilon)
    var gradientSum = 0.0
    var gradientProductSum = 0.0
    for index in 0..<count {
        let normalized = (x[index] - mean) * inverseDeviation
        let masked = gradient[index] * activation.referenceDerivative(at: gamma * normalized + beta)
        gradientSum += masked
        gradientProductSum += masked * normalized
        inputGradient[index] = masked
    }
    for index in 0..<count {
        let normalized = (x[index] - mean) * inverseDeviation
        let centeredGradient = inputGradient[index] - gradientSum / Double(count)
        inputGradient[index] =
            gamma * inverseDeviation * (centeredGradient - normalized * gradientProductSum / Double(count))
    }
    return (gradientProductSum, gradientSum)
}

/// The plain form of a normalisation over one statistics group, in Double: y = activation(γ(x−μ)/√(σ²+ε) + β).
///
/// - Parameters:
///   - x: count values, read; all belong to one group.
///   - y: count, overwritten.
public func normalizationForwardReference(
    _ x: UnsafePointer<Double>, count: Int, gamma: Double, beta: Double, epsilon: Double, activation: Activation,
    into y: UnsafeMutablePointer<Double>
) {
    let (mean, inverseDeviation) = groupStatisticsReference(x, count: count, epsilon: epsilon)
    for index in 0..<count {
        y[index] = activation.reference(gamma * (x[index] - mean) * inverseDeviation + beta)
    }
}

private func groupStatisticsReference(
    _ x: UnsafePointer<Double>, count: Int, epsilon: Double
) -> (mean: Double, inverseDeviation: Double) {
    var sum = 0.0
    for index in 0..<count { sum += x[index] }
    let mean = sum / Double(count)
    var squaredDeviations = 0.0
    for index in 0..<count { squaredDeviations += (x[index] - mean) * (x[index] - mean) }
    return (mean, 1 / (squaredDeviations / Double(count) + epsilon).squareRoot())
}
