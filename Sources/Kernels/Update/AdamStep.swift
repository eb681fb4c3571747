/// What a step of Adam multiplies by, the same for all values of a tensor.
public struct AdamCoefficients: Sendable {
    let keptMean: Float
    let newMean: Float
    let keptSquare: Float
    let newSquare: Float
    /// rate/(1 − β₁ᵗ).
    let rate: Float
    /// 1/√(1 − β₂ᵗ).
    let squareCorrection: Float
    let epsilon: Float
    /// Added to the gradient, times the weight.
    let gradientDecay: Float
    /// What a weight is multiplied by.
    let keptWeight: Float

    /// - Parameters:
    ///   - decouplesDecay: whether decay is taken off the weights (AdamW), rather than added to the gradients.
    ///   - step: counted from 1.
    public init(
        rate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double, decouplesDecay: Bool,
        step: Int
    ) {
        keptMean = Float(beta1)
        newMean = Float(1 - beta1)
        keptSquare = Float(beta2)
        newSquare = Float(1 - beta2)
        self.rate = Float(rate / (1 - power(beta1, step)))
        squareCorrection = Float(1 / (1 - power(beta2, step)).squareRoot())
        self.epsilon = Float(epsilon)
        gradientDecay = decouplesDecay ? 0 : Float(weightDecay)
        keptWeight = decouplesDecay ? Float(1 - rate * weightDecay) : 1
    }
}

/// One step of Adam (Kingma and Ba 2015, algorithm 1) or AdamW (Loshchilov and Hutter 2019, algorithm 2):
/// m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − rate·m̂/(√v̂ + ε), with m̂ = m/(1−β₁ᵗ) and v̂ = v/(1−β₂ᵗ).
///
/// - Parameters:
///   - weights: count, read and overwritten.
///   - mean: count, read and overwritten: m, zeros before the first step.
///   - square: count, read and overwritten: v, zeros before the first step.
///   - gradient: count, read.
public func adamStep(
    weights: UnsafeMutablePointer<Float>, mean: UnsafeMutablePointer<Float>, square: UnsafeMutablePointer<Float>,
    gradient: UnsafePointer<Float>, count: Int, _ coefficients: AdamCoefficients
) {
    for index in 0..<count {
        let weight = weights[index] * coefficients.keptWeight
        let decayed = gradient[index].addingProduct(coefficients.gradientDecay, weights[index])
        let newMean = (coefficients.keptMean * mean[index]).addingProduct(coefficients.newMean, decayed)
        let newSquare = (coefficients.keptSquare * square[index]).addingProduct(
            coefficients.newSquare * decayed, decayed)
        mean[index] = newMean
        square[index] = newSquare
        let deviation = newSquare.squareRoot() * coefficients.squareCorrection + coefficients.epsilon
        weights[index] = weight.addingProduct(-coefficients.rate, newMean / deviation)
    }
}
