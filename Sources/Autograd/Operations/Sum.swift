extension Tape {
    /// The sum of all values, taken in Double; the result has the empty shape. Can be differentiated again.
    public func sum(_ x: Tensor) -> Tensor {
        let output = Tensor(shape: [], needsGradient: x.needsGradient)
        var total = 0.0
        for value in x.values { total += Double(value) }
        output.pointer[0] = Float(total)
        record("sum", output: output) { upstream, flow in
            flow.add(flow.arithmetic.broadcast(upstream, to: x.shape), to: x)
        }
        return output
    }

    /// A tensor of the given shape filled with a single value. Can be differentiated again.
    public func broadcast(_ value: Tensor, to shape: [Int]) -> Tensor {
        precondition(value.count == 1, "only a single value can be broadcast, not one of shape \(value.shape)")
        let output = Tensor(shape: shape, needsGradient: value.needsGradient)
        output.values.update(repeating: value.pointer[0])
        record("broadcast", output: output) { upstream, flow in
            let total = flow.arithmetic.sum(upstream)
            flow.add(flow.arithmetic.reshape(total, to: value.shape), to: value)
        }
        return output
    }
}
