extension Tape {
    /// first + second, value by value; both of one shape. Can be differentiated again.
    public func add(_ first: Tensor, _ second: Tensor) -> Tensor {
        precondition(first.shape == second.shape, "can't add tensors of shapes \(first.shape) and \(second.shape)")
        let output = Tensor(shape: first.shape, needsGradient: first.needsGradient || second.needsGradient)
        let (a, b, sum) = (first.pointer, second.pointer, output.pointer)
        for index in 0..<output.count { sum[index] = a[index] + b[index] }
        record("addition", output: output) { upstream, flow in
            flow.add(upstream, to: first)
            flow.add(upstream, to: second)
        }
        return output
    }
}
