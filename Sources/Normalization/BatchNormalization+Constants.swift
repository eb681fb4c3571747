import Autograd
import Kernels

extension BatchNormalization {
    /// Normalises with the statistics gathered in training; gradients pass through as through any affine map.
    func normalizeWithConstants(_ x: Tensor, activation: Activation, on tape: Tape) throws -> Tensor {
        let constants = evaluationStatistics ?? pooledRunningStatistics()
        let cells = tape.layout.imageRanges.filter { !$0.isEmpty }
        let statistics = NormalizedRows(
            rows: 1, channels: channels, cells: cells, rowOfCell: Array(repeating: 0, count: cells.count), counts: [1])
        for channel in 0..<channels {
            statistics.set(
                row: 0, channel: channel, mean: constants.mean[channel],
                inverseDeviation: 1 / (constants.variance[channel] + options.epsilon).squareRoot(), gamma: gamma,
                beta: beta)
        }
        let needsGradient = x.needsGradient || gamma?.needsGradient ?? false
        let y = try statistics.normalize(x, activation: activation, needsGradient: needsGradient)
        let layout = tape.layout
        tape.record("\(name) (batch normalisation)", output: y) { [self] upstream, flow in
            try flow.requireFirstOrder("batch normalisation")
            if gamma != nil {
                let sums = try statistics.gradientMoments(upstream, at: x, activation: activation)
                correctForCenter(sums, statistics)
                try addParameterGradients(sums, statistics, layout, flow)
            }
            guard x.needsGradient else { return }
            let rows = GradientRows(rows: 1, channels: channels)
            for channel in 0..<channels {
                rows.set(
                    row: 0, channel: channel, gamma: Double(gamma?.pointer[channel] ?? 1), gradientMean: 0,
                    productMean: 0, in: statistics)
            }
            try statistics.addInputGradient(upstream, at: x, activation: activation, rows: rows, flow)
        }
        return y
    }

    private func pooledRunningStatistics() -> ChannelStatistics {
        .pooled(means: running.mean.array, variances: running.variance.array, channels: channels)
    }
}
