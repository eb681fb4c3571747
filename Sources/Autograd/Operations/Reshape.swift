extension Tape {
    /// The same values seen with another shape; no copy is made. Can be differentiated again.
    public func reshape(_ x: Tensor, to shape: [Int]) -> Tensor {
        let output = Tensor(sharing: x, shape: shape, needsGradient: x.needsGradient)
        record("reshape", output: output) { upstream, flow in
            flow.add(flow.arithmetic.reshape(upstream, to: x.shape), to: x)
        }
        return output
    }
}
