/// y = activation(x), value by value.
///
/// - Parameters:
///   - x: count, read.
///   - y: count, overwritten.
public func activate(
    _ x: UnsafePointer<Float>, count: Int, activation: Activation, into y: UnsafeMutablePointer<Float>
) {
    activation.run(ActivatedVectors(x: x, count: count, y: y))
    for index in (count / 8 * 8)..<count { y[index] = activation(x[index]) }
}

/// The gradient of an activation's input: that of its output, masked by the derivative.
///
/// - Parameters:
///   - gradient: count, read; may be the same buffer as `inputGradient`.
///   - x: count, read: the input of the activation, or its output where that has the same signs.
///   - inputGradient: count, overwritten.
public func activationGradient(
    of gradient: UnsafePointer<Float>, at x: UnsafePointer<Float>, count: Int, activation: Activation,
    into inputGradient: UnsafeMutablePointer<Float>
) {
    activation.run(MaskedVectors(gradient: gradient, x: x, count: count, inputGradient: inputGradient))
    for index in (count / 8 * 8)..<count {
        inputGradient[index] = gradient[index] * activation.derivative(at: x[index])
    }
}

private struct ActivatedVectors: VectorKernel {
    let x: UnsafePointer<Float>
    let count: Int
    let y: UnsafeMutablePointer<Float>

    @inline(__always)
    func callAsFunction(_ activation: some VectorActivation) {
        for index in stride(from: 0, to: count - 7, by: 8) { y.store(activation(x.vector(at: index)), at: index) }
    }
}

private struct MaskedVectors: VectorKernel {
    let gradient: UnsafePointer<Float>
    let x: UnsafePointer<Float>
    let count: Int
    let inputGradient: UnsafeMutablePointer<Float>

    @inline(__always)
    func callAsFunction(_ activation: some VectorActivation) {
        for index in stride(from: 0, to: count - 7, by: 8) {
            inputGradient.store(activation.backward(gradient.vector(at: index), at: x.vector(at: index)), at: index)
        }
    }
}
