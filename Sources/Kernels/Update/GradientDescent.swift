/// One step of stochastic gradient descent with momentum and weight decay, in PyTorch's convention:
/// v ← momentum·v + (g + decay·w), w ← w − rate·v (Sutskever et al. 2013, equations 1 and 2, with the rate outside v).
///
/// - Parameters:
///   - weights: count, read and overwritten.
///   - velocity: count, read and overwritten: v, zeros before the first step.
///   - gradient: count, read.
public func gradientDescentStep(
    weights: UnsafeMutablePointer<Float>, velocity: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    count: Int, rate: Float, momentum: Float, weightDecay: Float
) {
    for index in 0..<count {
        let decayed = gradient[index].addingProduct(weightDecay, weights[index])
        let speed = decayed.addingProduct(momentum, velocity[index])
        velocity[index] = speed
        weights[index] = weights[index].addingProduct(-rate, speed)
    }
}
