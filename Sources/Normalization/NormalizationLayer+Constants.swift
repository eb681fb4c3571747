import Autograd
import Kernels
import Workers

extension NormalizationLayer {
    /// activation(γ(x−μ)v + β) with constants for μ and v = 1/√(σ²+ε). Gradients pass as through any affine map: dx = γvg,
    /// dβ = Σg, dγ = vΣg(x−μ).
    ///
    /// - Parameters:
    ///   - constants: μ and σ² of each channel.
    ///   - addParameterGradients: hands over dγ and dβ, given Σg and Σg(x−μ) of each worker's batch.
    func normalize(
        _ x: Tensor, with constants: ChannelStatistics, epsilon: Double, activation: Activation,
        _ context: ForwardContext,
        addingParameterGradients addParameterGradients:
            @escaping (Buffer, StatisticsRows, BatchLayout, GradientFlow) throws -> Void
    ) throws -> Tensor {
        let layout = context.tape.layout
        let statistics = StatisticsRows(Grouping(together: layout.occupiedRanges), channels: channels, counts: [1])
        for channel in 0..<channels {
            statistics.set(
                row: 0, channel: channel, mean: constants.mean[channel],
                inverseDeviation: 1 / (constants.variance[channel] + epsilon).squareRoot(), affine)
        }
        let y = try statistics.normalize(
            x, activation: activation, needsGradient: x.needsGradient || affine.needsGradient)
        context.tape.record("\(name) (batch normalisation)", output: y) { [affine] upstream, flow in
            try flow.requireFirstOrder("batch normalisation")
            if affine.needsGradient {
                let sums = try statistics.gradientMoments(upstream, at: x, activation: activation)
                try addParameterGradients(sums, statistics, layout, flow)
            }
            guard x.needsGradient else { return }
            try statistics.addInputGradient(upstream, at: x, activation: activation, affine, flow) { _, _ in (0, 0) }
        }
        return y
    }
}
