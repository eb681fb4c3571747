import Autograd
import Catalogues
import Workers

/// Batch renormalisation (Ioffe 2017, algorithm 1): a batch norm whose training output is that of evaluation, as far as
/// the limits allow. With μ and σ of the batch, and μᵣ and σᵣ running,
/// y = γ((x−μ)/σ · r + d) + β, r = σ/σᵣ within 1/rₘₐₓ and rₘₐₓ, d = (μ−μᵣ)/σᵣ within ±dₘₐₓ;
/// r and d are constants in the backward pass.
///
/// The running variance follows as that of every batch norm here does, where the paper's σᵣ follows σ.
public final class BatchRenormalization: BatchNormalization {
    /// What limits the correction.
    public struct Limits: Hashable, Sendable {
        /// rₘₐₓ.
        public var scale = 3.0
        /// dₘₐₓ.
        public var shift = 5.0
        /// Batches of a set of running statistics without a correction, while these are still far from any batch's.
        public var warmUpBatches = 100

        /// The paper's limits at the end of its schedule.
        public init() {}
    }

    /// What limits the correction.
    public let limits: Limits

    /// γ begins as ones, β as zeros.
    ///
    /// - Parameters:
    ///   - name: in messages and files.
    ///   - channels: of what it normalises.
    ///   - options: which samples share statistics, and what is kept of these.
    ///   - limits: how far it corrects, and from when on.
    ///   - hosting: which workers live where; `workers:k` must divide them.
    ///   - sums: takes sums over the workers of `hosting`.
    public init(
        name: String, channels: Int, options: Options = Options(), limits: Limits = Limits(),
        hosting: Hosting = Hosting(workers: 1), sums: any Sums = ExactSums()
    ) {
        self.limits = limits
        super.init(name: name, channels: channels, options: options, hosting: hosting, sums: sums)
    }

    override func correction(
        of batch: BatchMoments, set: Int, channel: Int, _ mode: ForwardMode
    ) -> (scale: Double, shift: Double) {
        let isTraining = mode == .training || mode == .trainingWithoutUpdate
        guard isTraining, running.batchCounts.values[set] >= limits.warmUpBatches else { return (1, 0) }
        let runningDeviation = (Double(running.variance.row(set)[channel]) + options.epsilon).squareRoot()
        let scale = (batch.variance + options.epsilon).squareRoot() / runningDeviation
        let shift = (batch.mean - Double(running.mean.row(set)[channel])) / runningDeviation
        return (
            min(max(scale, 1 / limits.scale), limits.scale), min(max(shift, -limits.shift), limits.shift)
        )
    }
}

extension BatchRenormalization {
    static let definition = Definition<NormSettings, Norm>(
        "brn", "batch renormalisation over each worker's own batch, or over normalization.statistics"
    ) { settings in
        let group = settings.statistics ?? .worker
        return Norm(statistics: group.rawValue) { name, channels, hosting, sums in
            BatchRenormalization(
                name: name, channels: channels, options: Options(settings, over: group), limits: Limits(settings),
                hosting: hosting, sums: sums)
        }
    }
}

extension BatchRenormalization.Limits {
    init(_ settings: NormSettings) {
        scale = settings.largestScale
        shift = settings.largestShift
        warmUpBatches = settings.renormalizationWarmUp
    }
}
