extension Tape {
    /// first · second, value by value; both of one shape. Can be differentiated again.
    public func multiply(_ first: Tensor, _ second: Tensor) -> Tensor {
        precondition(
            first.shape == second.shape, "can't multiply tensors of shapes \(first.shape) and \(second.shape)")
        let output = Tensor(shape: first.shape, needsGradient: first.needsGradient || second.needsGradient)
        let (a, b, product) = (first.pointer, second.pointer, output.pointer)
        for index in 0..<output.count { product[index] = a[index] * b[index] }
        record("multiplication", output: output) { upstream, flow in
            let tape = flow.arithmetic
            if first.needsGradient { flow.add(tape.multiply(upstream, second), to: first) }
            if second.needsGradient { flow.add(tape.multiply(upstream, first), to: second) }
        }
        return output
    }

    /// factor · x for a constant factor. Can be differentiated again.
    public func scale(_ x: Tensor, by factor: Float) -> Tensor {
        let output = Tensor(shape: x.shape, needsGradient: x.needsGradient)
        let (source, product) = (x.pointer, output.pointer)
        for index in 0..<output.count { product[index] = factor * source[index] }
        record("scaling", output: output) { upstream, flow in
            flow.add(flow.arithmetic.scale(upstream, by: factor), to: x)
        }
        return output
    }
}
