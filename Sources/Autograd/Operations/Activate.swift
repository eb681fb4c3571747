import Kernels

extension Tape {
    /// The activation of every value. ReLU and leaky ReLU can be differentiated again (their second derivative is zero
    /// almost everywhere).
    public func activate(_ x: Tensor, _ activation: Activation) -> Tensor {
        let output = Tensor(shape: x.shape, needsGradient: x.needsGradient)
        Kernels.activate(x.pointer, count: x.count, activation: activation, into: output.pointer)
        record("activation", output: output) { upstream, flow in
            if let tape = flow.tape {
                return flow.add(tape.multiply(upstream, derivative(of: activation, at: x)), to: x)
            }
            let gradient = flow.mayOverwriteUpstream ? upstream : Tensor(shape: x.shape)
            activationGradient(
                of: upstream.pointer, at: x.pointer, count: x.count, activation: activation, into: gradient.pointer)
            flow.handOver(gradient, to: x)
        }
        return output
    }
}

/// The derivative of an activation at every value, as a constant.
private func derivative(of activation: Activation, at x: Tensor) -> Tensor {
    let result = Tensor(shape: x.shape)
    let (source, destination) = (x.pointer, result.pointer)
    for index in 0..<result.count { destination[index] = activation.derivative(at: source[index]) }
    return result
}
