import Autograd
import Kernels
import Workers

/// Σx and Σx² of each channel of a layer's input over the batch of each worker hosted here.
struct WorkerMoments {
    /// The layer.
    let layer: String
    /// Channels of its input.
    let channels: Int
    /// The values of each channel, by worker.
    let counts: [Int]
    /// Workers × 2 × channels: the sums of a worker, then its sums of squares.
    let sums: [Double]

    /// - Parameters:
    ///   - x: images × … × channels.
    ///   - layout: whose images are where.
    init(of x: Tensor, layer: String, layout: BatchLayout) {
        precondition(
            x.shape.first == layout.images, "\(layer): an input of shape \(x.shape) for \(layout.images) images")
        let channels = x.shape.last ?? 1
        let pixels = x.rowCount / channels
        let pivot = Array(repeating: Float(0), count: channels)
        var sums = Array(repeating: 0.0, count: layout.imageRanges.count * 2 * channels)
        sums.withUnsafeMutableBufferPointer { sums in
            guard let start = sums.baseAddress else { return }
            for (worker, images) in layout.imageRanges.enumerated() {
                let sum = start + worker * 2 * channels
                addChannelMoments(
                    of: x.row(images.lowerBound), pixels: images.count * pixels, channels: channels, pivot: pivot,
                    sum: sum, squareSum: sum + channels)
            }
        }
        self.layer = layer
        self.channels = channels
        counts = layout.imageRanges.map { $0.count * pixels }
        self.sums = sums
    }

    /// Means and variances over a worker's batch; nil when it is empty.
    func statistics(ofWorker worker: Int) -> ChannelStatistics? {
        guard counts[worker] > 0 else { return nil }
        let start = worker * 2 * channels
        return ChannelStatistics(
            count: counts[worker], sums: sums[start..<start + channels],
            squareSums: sums[start + channels..<start + 2 * channels])
    }
}

extension ChannelStatistics {
    /// Statistics out of sums over `count` values: μ = Σx/N, σ² = Σx²/N − μ².
    init(count: Int, sums: some Collection<Double>, squareSums: some Collection<Double>) {
        let mean = sums.map { $0 / Double(count) }
        self.init(
            mean: mean,
            variance: zip(mean, squareSums).map { mean, squareSum in
                let variance = squareSum / Double(count) - mean * mean
                // A comparison with a NaN is false: it stays one.
                return variance < 0 ? 0 : variance
            })
    }
}
