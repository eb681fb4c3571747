import Kernels

extension Tape {
    /// Each row divided by its length, in Double; rows of zeros stay zero. Can't be differentiated again.
    ///
    /// - Parameter x: rows × columns.
    public func unitRows(_ x: Tensor) -> Tensor {
        precondition(x.shape.count == 2, "rows of length 1 are made of a matrix, not of shape \(x.shape)")
        let (rows, columns) = (x.shape[0], x.shape[1])
        let output = Tensor(shape: x.shape, needsGradient: x.needsGradient)
        let norms = (0..<rows).map { unitRow(x.row($0), columns: columns, into: output.row($0)) }
        record("division by lengths", output: output) { upstream, flow in
            try flow.requireFirstOrder("division by lengths")
            let gradient = Tensor(shape: x.shape)
            for row in 0..<rows {
                unitRowGradient(
                    of: upstream.row(row), at: output.row(row), norm: norms[row], columns: columns,
                    into: gradient.row(row))
            }
            flow.handOver(gradient, to: x)
        }
        return output
    }
}
