import Catalogues
import Workers

/// A norm with its settings: makes the layers that a network puts behind its convolutions.
public struct Norm: Sendable {
    /// Makes the layer of a name and a number of channels; nil: no normalisation.
    public typealias Maker =
        @Sendable (_ name: String, _ channels: Int, _ hosting: Hosting, _ sums: any Sums) throws -> (
            any NormalizationLayer
        )?

    /// The samples that share statistics: a statistics group, `sample` for norms within an image, `constant` where they
    /// are not taken of samples, `none` without a norm.
    public let statistics: String
    /// Whether it normalises with statistics that only a file of initial weights gives it.
    public let needsInitialWeights: Bool
    /// - Throws: `UnusableSetting`.
    public let layer: Maker

    /// A norm whose layers `layer` makes.
    public init(statistics: String, needsInitialWeights: Bool = false, layer: @escaping Maker) {
        self.statistics = statistics
        self.needsInitialWeights = needsInitialWeights
        self.layer = layer
    }

    /// All norms, in the order in which they are shown.
    public static let catalogue: [Definition<NormSettings, Norm>] = [
        BatchNormalization.perWorker, BatchNormalization.synchronized, BatchNormalization.overAnyGroup,
        BatchRenormalization.definition, FrozenBatchNormalization.definition,
        GroupNormalization.group, GroupNormalization.layer, GroupNormalization.instance, RMSNormalization.definition,
        withoutNorm,
    ]

    private static let withoutNorm = Definition<NormSettings, Norm>("none", "no normalisation") { _ in
        Norm(statistics: "none") { _, _, _, _ in nil }
    }
}
