import Workers

extension Tape {
    /// x + bias, the bias being added along the innermost axis.
    ///
    /// - Parameters:
    ///   - x: images × … × columns.
    ///   - bias: columns.
    /// - Returns: as x. Can't be differentiated again.
    public func addBias(_ x: Tensor, _ bias: Tensor) -> Tensor {
        precondition(
            x.shape.count >= 2 && bias.shape == [x.shape[x.shape.count - 1]],
            "a bias of shape \(bias.shape) does not fit a tensor of shape \(x.shape)")
        requireImages(x)
        let columns = bias.count
        let output = Tensor(shape: x.shape, needsGradient: x.needsGradient || bias.needsGradient)
        let (source, destination, offsets) = (x.pointer, output.pointer, bias.pointer)
        for start in stride(from: 0, to: x.count, by: columns) {
            for column in 0..<columns { destination[start + column] = source[start + column] + offsets[column] }
        }
        let layout = layout
        record("bias", output: output) { upstream, flow in
            try flow.requireFirstOrder("bias")
            flow.add(upstream, to: x)
            guard bias.needsGradient else { return }
            for images in layout.occupiedRanges {
                try flow.add(workerShare: columnSums(of: upstream, images: images, columns: columns), to: bias)
            }
        }
        return output
    }
}

/// The sums over all rows of some images, taken in Double.
private func columnSums(of x: Tensor, images: Range<Int>, columns: Int) -> Tensor {
    let sums = Tensor(shape: [columns])
    let rows = images.count * x.rowCount / columns
    let source = x.row(images.lowerBound)
    for column in 0..<columns {
        var total = 0.0
        for row in 0..<rows { total += Double(source[row * columns + column]) }
        sums.pointer[column] = Float(total)
    }
    return sums
}
