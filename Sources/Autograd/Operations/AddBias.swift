import Kernels
import Threads
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
        addToRows(x.pointer, bias.pointer, rows: x.count / columns, columns: columns, into: output.pointer)
        let layout = layout
        record("bias", output: output) { upstream, flow in
            try flow.requireFirstOrder("bias")
            flow.add(upstream, to: x)
            try addBiasGradient(upstream, layout, to: bias, flow)
        }
        return output
    }
}

/// The gradient of a bias, worker by worker: the sums over all rows of its images, taken in Double.
///
/// - Parameter upstream: images × … × columns.
func addBiasGradient(_ upstream: Tensor, _ layout: BatchLayout, to bias: Tensor, _ flow: GradientFlow) throws {
    guard bias.needsGradient else { return }
    try flow.requireFirstOrder("bias")
    let columns = bias.count
    let workers = layout.occupiedRanges
    let pivot = [Float](repeating: 0, count: columns)
    let shares = workers.map { _ in Tensor(shape: [columns]) }
    try Threads.forEach(workers.count) { worker in
        let images = workers[worker]
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * columns) { moments in
            moments.initialize(repeating: 0)
            guard let sums = moments.baseAddress else { return }
            addChannelMoments(
                of: upstream.row(images.lowerBound), pixels: images.count * upstream.rowCount / columns,
                channels: columns, pivot: pivot, sum: sums, squareSum: sums + columns)
            for column in 0..<columns { shares[worker].pointer[column] = Float(sums[column]) }
        }
    }
    for share in shares { try flow.add(workerShare: share, to: bias) }
}
