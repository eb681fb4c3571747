extension Tape {
    /// x + bias, the bias being added to every row.
    ///
    /// - Parameters:
    ///   - x: rows × columns; the rows of a worker are its images.
    ///   - bias: columns.
    /// - Returns: rows × columns. Can't be differentiated again.
    public func addBias(_ x: Tensor, _ bias: Tensor) -> Tensor {
        precondition(
            x.shape.count == 2 && bias.shape == [x.shape[1]],
            "a bias of shape \(bias.shape) does not fit rows of shape \(x.shape)")
        let columns = x.shape[1]
        let output = Tensor(shape: x.shape, needsGradient: x.needsGradient || bias.needsGradient)
        for row in 0..<x.shape[0] {
            let (source, destination) = (x.row(row), output.row(row))
            for column in 0..<columns { destination[column] = source[column] + bias.pointer[column] }
        }
        let layout = layout
        record("bias", output: output) { upstream, flow in
            try flow.requireFirstOrder("bias")
            flow.add(upstream, to: x)
            guard bias.needsGradient else { return }
            for rows in layout.occupiedRanges {
                try flow.add(workerShare: columnSums(of: upstream, rows: rows), to: bias)
            }
        }
        return output
    }
}

/// The sums over some rows, taken in Double.
private func columnSums(of x: Tensor, rows: Range<Int>) -> Tensor {
    let columns = x.shape[1]
    let sums = Tensor(shape: [columns])
    for column in 0..<columns {
        var total = 0.0
        for row in rows { total += Double(x.pointer[row * columns + column]) }
        sums.pointer[column] = Float(total)
    }
    return sums
}
