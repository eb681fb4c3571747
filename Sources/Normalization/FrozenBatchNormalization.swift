import Autograd
import Catalogues
import Kernels
import Workers

/// Batch normalisation that keeps the statistics which its weights came with, in training as in evaluation: for networks
/// that were trained at a large batch and go on at a small one (Wu and Johnson 2021, section 4: "FrozenBN").
///
/// No batch changes the statistics, and workers never talk. γ and β are trained as those of any norm; Detectron's layer of
/// this name freezes them too.
public final class FrozenBatchNormalization: NormalizationLayer {
    /// What the layer is called in messages and files.
    public let name: String
    /// Channels of the input.
    public let channels: Int
    /// ε, added to the variance.
    public let epsilon: Double
    /// γ and β.
    public let affine: Affine
    /// μ of each channel; zeros until weights are put in.
    public let mean: Tensor
    /// σ² of each channel; ones until weights are put in.
    public let variance: Tensor
    /// How many batches the statistics have seen before they came here.
    private let batchCount = Counts(count: 1)

    /// γ begins as ones, β as zeros.
    ///
    /// - Parameters:
    ///   - name: what the layer is called in messages and files.
    ///   - channels: of the input.
    ///   - epsilon: ε, added to the variance.
    ///   - affine: whether there are γ and β.
    public init(name: String, channels: Int, epsilon: Double = 1e-5, affine: Bool = true) {
        self.name = name
        self.channels = channels
        self.epsilon = epsilon
        self.affine = Affine(channels: channels, hasGamma: affine, hasBeta: affine)
        mean = Tensor(Array(repeating: 0, count: channels), shape: [channels])
        variance = Tensor(Array(repeating: 1, count: channels), shape: [channels])
    }

    static let definition = Definition<NormSettings, Norm>(
        "frozenbn", "batch norm with the running statistics of model.initialWeights, which stay as they are"
    ) { settings in
        Norm(statistics: "constant", needsInitialWeights: true) { name, channels, _, _ in
            FrozenBatchNormalization(name: name, channels: channels, epsilon: settings.epsilon, affine: settings.affine)
        }
    }

    /// The statistics, the same on every rank.
    public var ownState: [StateTensor] {
        [
            StateTensor(layer: name, .constantMean, .floats(mean), placement: .everywhere),
            StateTensor(layer: name, .constantVariance, .floats(variance), placement: .everywhere),
            StateTensor(layer: name, .batchCount, .counts(batchCount), placement: .everywhere),
        ]
    }

    /// None, in every mode.
    public func moments(for shape: [Int], _ context: ForwardContext) -> CellMoments? {
        requireImages(shape)
        return nil
    }

    /// activation(γ(x−μ)/√(σ²+ε) + β), the same in every mode.
    public func normalize(
        _ x: Tensor, _ moments: CellMoments?, activation: Activation, _ context: ForwardContext
    ) throws -> Tensor {
        let constants = ChannelStatistics(mean: mean.array.map(Double.init), variance: variance.array.map(Double.init))
        return try normalize(x, with: constants, epsilon: epsilon, activation: activation, context) { [affine] in
            try $1.addParameterGradients($0, affine, $2, $3)
        }
    }
}
