import OneDNN
import Workers

extension Tape {
    /// The product of two matrices, left · right, either of them transposed. Can be differentiated again.
    ///
    /// - Parameters:
    ///   - left: rows × terms, or terms × rows when transposed.
    ///   - right: terms × columns, or columns × terms when transposed.
    ///   - transposingLeft: whether `left` is transposed.
    ///   - transposingRight: whether `right` is.
    /// - Returns: rows × columns.
    public func matrixProduct(
        _ left: Tensor, _ right: Tensor, transposingLeft: Bool = false, transposingRight: Bool = false
    ) throws -> Tensor {
        let product = productShape(left, right, transposingLeft, transposingRight)
        let output = Tensor(
            shape: [product.rows, product.columns], needsGradient: left.needsGradient || right.needsGradient)
        try product.execute(left: left.pointer, right: right.pointer, product: output.pointer)
        record("matrix product", output: output) { upstream, flow in
            let arithmetic = flow.arithmetic
            if left.needsGradient {
                flow.add(
                    transposingLeft
                        ? try arithmetic.matrixProduct(
                            right, upstream, transposingLeft: transposingRight, transposingRight: true)
                        : try arithmetic.matrixProduct(upstream, right, transposingRight: !transposingRight),
                    to: left)
            }
            if right.needsGradient {
                flow.add(
                    transposingRight
                        ? try arithmetic.matrixProduct(
                            upstream, left, transposingLeft: true, transposingRight: transposingLeft)
                        : try arithmetic.matrixProduct(left, upstream, transposingLeft: !transposingLeft),
                    to: right)
            }
        }
        return output
    }

    /// The linear part of a dense layer, x · weightsᵀ, worker by worker. Can be differentiated again.
    ///
    /// - Parameters:
    ///   - x: images × inputs.
    ///   - weights: outputs × inputs, as in PyTorch.
    /// - Returns: images × outputs.
    public func dense(_ x: Tensor, _ weights: Tensor) throws -> Tensor {
        precondition(
            x.shape.count == 2 && weights.shape.count == 2 && x.shape[1] == weights.shape[1],
            "dense weights of shape \(weights.shape) (outputs, inputs) do not fit inputs of shape \(x.shape)")
        requireImages(x)
        let (outputs, inputs) = (weights.shape[0], weights.shape[1])
        let output = Tensor(
            shape: [x.shape[0], outputs], needsGradient: x.needsGradient || weights.needsGradient)
        for rows in layout.occupiedRanges {
            try MatrixProduct(rows: rows.count, columns: outputs, terms: inputs, transposesRight: true).execute(
                left: x.row(rows.lowerBound), right: weights.pointer, product: output.row(rows.lowerBound))
        }
        let layout = layout
        record("dense layer", output: output) { upstream, flow in
            if x.needsGradient {
                flow.add(try flow.arithmetic(layout).denseInputGradient(upstream, weights), to: x)
            }
            try addDenseWeightGradient(x, upstream, layout, to: weights, flow)
        }
        return output
    }

    /// The gradient of a dense layer's input, given that of its output: an operation of its own, so that it can be
    /// differentiated.
    private func denseInputGradient(_ outputGradient: Tensor, _ weights: Tensor) throws -> Tensor {
        let (outputs, inputs) = (weights.shape[0], weights.shape[1])
        let output = Tensor(
            shape: [outputGradient.shape[0], inputs],
            needsGradient: outputGradient.needsGradient || weights.needsGradient)
        for rows in layout.occupiedRanges {
            try MatrixProduct(rows: rows.count, columns: inputs, terms: outputs).execute(
                left: outputGradient.row(rows.lowerBound), right: weights.pointer,
                product: output.row(rows.lowerBound))
        }
        let layout = layout
        record("input gradient of dense layer", output: output) { upstream, flow in
            if outputGradient.needsGradient {
                flow.add(try flow.arithmetic(layout).dense(upstream, weights), to: outputGradient)
            }
            try addDenseWeightGradient(upstream, outputGradient, layout, to: weights, flow)
        }
        return output
    }
}

/// Hands over the gradient of a dense layer's weights, outputGradientᵀ · x, worker by worker, or as a recorded
/// operation.
private func addDenseWeightGradient(
    _ x: Tensor, _ outputGradient: Tensor, _ layout: BatchLayout, to weights: Tensor, _ flow: GradientFlow
) throws {
    guard weights.needsGradient else { return }
    if let tape = flow.tape {
        flow.add(try tape.matrixProduct(outputGradient, x, transposingLeft: true), to: weights)
        return
    }
    for rows in layout.occupiedRanges {
        let share = Tensor(shape: weights.shape)
        try MatrixProduct(rows: weights.shape[0], columns: weights.shape[1], terms: rows.count, transposesLeft: true)
            .execute(
                left: outputGradient.row(rows.lowerBound), right: x.row(rows.lowerBound), product: share.pointer)
        try flow.add(workerShare: share, to: weights)
    }
}

private func productShape(
    _ left: Tensor, _ right: Tensor, _ transposingLeft: Bool, _ transposingRight: Bool
) -> MatrixProduct {
    precondition(
        left.shape.count == 2 && right.shape.count == 2,
        "a matrix product takes matrices, not shapes \(left.shape) and \(right.shape)")
    let (rows, terms) = transposingLeft ? (left.shape[1], left.shape[0]) : (left.shape[0], left.shape[1])
    let (rightTerms, columns) = transposingRight ? (right.shape[1], right.shape[0]) : (right.shape[0], right.shape[1])
    precondition(terms == rightTerms, "matrices of shapes \(left.shape) and \(right.shape) can't be multiplied")
    return MatrixProduct(
        rows: rows, columns: columns, terms: terms, transposesLeft: transposingLeft, transposesRight: transposingRight)
}
