import Autograd
import Catalogues
import Kernels
import Workers

/// Normalisation by the root of the mean square over the channels and pixels of each image, without a mean and without a
/// shift: y = γx/√(Σx²/N + ε) (Zhang and Sennrich 2019, equation 4, over the axes of layer norm).
public final class RMSNormalization: NormalizationLayer {
    /// What the layer is called in messages and files.
    public let name: String
    /// Channels of the input.
    public let channels: Int
    /// ε, added to the mean square.
    public let epsilon: Double
    /// γ, and no β.
    public let affine: Affine

    /// γ begins as ones.
    public init(name: String, channels: Int, epsilon: Double = 1e-5, affine: Bool = true) {
        self.name = name
        self.channels = channels
        self.epsilon = epsilon
        self.affine = Affine(channels: channels, hasGamma: affine, hasBeta: false)
    }

    static let definition = Definition<NormSettings, Norm>(
        "rms", "root-mean-square norm: all channels of each image, without mean and shift"
    ) { settings in
        Norm(statistics: "sample") { name, channels, _, _ in
            RMSNormalization(name: name, channels: channels, epsilon: settings.epsilon, affine: settings.affine)
        }
    }

    /// Sums with a cell for each image, in every mode.
    public func moments(for shape: [Int], _ context: ForwardContext) -> CellMoments? { momentsOfEachImage(shape) }

    /// activation(γx/√(Σx²/N + ε)), the same in every mode.
    public func normalize(
        _ x: Tensor, _ moments: CellMoments?, activation: Activation, _ context: ForwardContext
    ) throws -> Tensor {
        guard let moments else { preconditionFailure("\(name): no moments") }
        let values = moments.pixelsPerImage * channels
        let statistics = StatisticsRows(
            moments.grouping, channels: channels, counts: moments.grouping.cells.map { _ in values })
        for image in moments.grouping.cells.indices {
            let squares = moments.sum(ofCell: image) + channels
            let square = (0..<channels).reduce(0.0) { $0 + squares[$1] } / Double(values)
            let inverse = 1 / (square + epsilon).squareRoot()
            for channel in 0..<channels {
                statistics.set(row: image, channel: channel, mean: 0, inverseDeviation: inverse, affine)
            }
        }
        let y = try statistics.normalize(
            x, activation: activation, needsGradient: x.needsGradient || affine.needsGradient)
        let layout = context.tape.layout
        context.tape.record("\(name) (root-mean-square normalisation)", output: y) { [self] upstream, flow in
            try flow.requireFirstOrder("root-mean-square normalisation")
            // B = Σgx of each image and channel; dγ = vB, dx = γv(g − xv²ΣγB/N).
            let sums = try statistics.gradientMoments(upstream, at: x, activation: activation)
            try statistics.addParameterGradients(sums, affine, layout, flow)
            guard x.needsGradient else { return }
            let means = statistics.counts.enumerated().map { image, count in
                let products = sums.doubles + image * 2 * channels + channels
                return (0..<channels).reduce(0.0) { $0 + affine.scale($1) * products[$1] } / Double(count)
            }
            try statistics.addInputGradient(upstream, at: x, activation: activation, affine, flow) { image, _ in
                (0, means[image])
            }
        }
        return y
    }
}
