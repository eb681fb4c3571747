import Autograd
import Kernels

/// Batch normalisation over any group of samples: ghost batches, a worker, a node, or all workers (Ioffe and Szegedy
/// 2015, algorithm 1; synchronised over all workers: Peng et al. 2018, section 3.3).
///
/// Σx and Σx² of each channel are taken in Double, reduced as integers over the ranks that a group lives on, and give
/// μ = Σx/N and σ² = Σx²/N − μ².
public final class BatchNormalization: NormalizationLayer {
    /// What can be chosen about a batch norm.
    public struct Options: Hashable, Sendable {
        /// The samples that share statistics.
        public var statistics: StatisticsGroup
        /// ε, added to the variance.
        public var epsilon: Double
        /// How fast running statistics follow.
        public var momentum: RunningMomentum
        /// Whether there are γ and β.
        public var affine: Bool
        /// Whether the running variance takes σ² itself rather than σ²·N/(N−1).
        public var biased: Bool

        /// PyTorch's defaults, with statistics over all workers.
        public init(
            statistics: StatisticsGroup = .world, epsilon: Double = 1e-5, momentum: RunningMomentum = .exponential(0.1),
            affine: Bool = true, biased: Bool = false
        ) {
            self.statistics = statistics
            self.epsilon = epsilon
            self.momentum = momentum
            self.affine = affine
            self.biased = biased
        }
    }

    /// What the layer is called in messages and files.
    public let name: String
    /// Channels of the input.
    public let channels: Int
    /// What was chosen.
    public let options: Options
    /// γ, channels; nil without affine part.
    public let gamma: Tensor?
    /// β, channels; nil without affine part.
    public let beta: Tensor?
    /// Running statistics of the workers hosted here.
    public let running: RunningStatistics
    /// What evaluation uses; nil: the sets of this rank, pooled. With several ranks and sets, whoever gathers them sets
    /// it before evaluating.
    public var evaluationStatistics: ChannelStatistics?

    /// Shown the input of every evaluation with constant statistics, before it is normalised; what it throws ends the
    /// forward pass.
    public var evaluationObserver: ((Tensor) throws -> Void)?

    /// The name in its backward pass.
    let backwardName: String
    let hosting: Hosting
    let reducer: any StatisticsReducer
    private let zeroPivot: Tensor

    /// γ begins as ones, β as zeros.
    ///
    /// - Parameters:
    ///   - hosting: which workers live where; `workers:k` must divide them.
    ///   - reducer: adds up over the ranks of `hosting`.
    public init(
        name: String, channels: Int, options: Options = Options(), hosting: Hosting = Hosting(workers: 1),
        reducer: any StatisticsReducer = SingleRankReducer()
    ) {
        let workersPerSet = options.statistics.workersPerSet(of: hosting.workers)
        precondition(
            workersPerSet >= 1 && hosting.workers % workersPerSet == 0,
            "groups of \(workersPerSet) workers do not divide \(hosting.workers) workers")
        if case .ghost(let images) = options.statistics {
            precondition(images >= 1, "a ghost batch of \(images) images")
        }
        self.name = name
        backwardName = "\(name), backward"
        self.channels = channels
        self.options = options
        self.hosting = hosting
        self.reducer = reducer
        running = RunningStatistics(statistics: options.statistics, hosting: hosting, channels: channels)
        zeroPivot = Tensor(Array(repeating: 0, count: channels), shape: [1, channels])
        let affine = options.affine
        gamma = affine ? Tensor(Array(repeating: 1, count: channels), shape: [channels], needsGradient: true) : nil
        beta = affine ? Tensor(Array(repeating: 0, count: channels), shape: [channels], needsGradient: true) : nil
    }

    /// A collector with a cell for each worker or ghost batch; nil in evaluation.
    public func collector(for shape: [Int], mode: NormalizationMode, on tape: Tape) -> MomentCollector? {
        requireImages(shape, channels: channels)
        switch mode {
        case .evaluation:
            return nil
        case .training:
            let plan = plan(tape.layout)
            // The running mean is near the mean, and the same on every rank that a group lives on.
            let sets = plan.rowOfCell.indices.map { set(ofCell: $0, plan) }
            return MomentCollector(cells: plan.cells, shape: shape, pivots: running.mean, pivotRows: sets)
        case .batchStatistics:
            let cells = tape.layout.imageRanges.filter { !$0.isEmpty }
            // Not the running mean: whose is kept here depends on which workers are.
            return MomentCollector(
                cells: cells, shape: shape, pivots: zeroPivot, pivotRows: Array(repeating: 0, count: cells.count))
        }
    }

    /// activation(γ(x−μ)/√(σ²+ε) + β), with an update of the running statistics in training.
    public func normalize(
        _ x: Tensor, moments: MomentCollector?, activation: Activation, mode: NormalizationMode, on tape: Tape
    ) throws -> Tensor {
        switch mode {
        case .evaluation:
            try evaluationObserver?(x)
            return try normalizeWithConstants(x, activation: activation, on: tape)
        case .training, .batchStatistics:
            guard let moments else { return try self(x, activation: activation, mode: mode, on: tape) }
            return try normalizeWithBatch(
                x, moments: moments, activation: activation, training: mode == .training, on: tape)
        }
    }

    func plan(_ layout: BatchLayout) -> GroupPlan {
        precondition(
            layout.firstWorker == hosting.hosted.lowerBound && layout.imageRanges.count == hosting.hosted.count,
            """
            \(name): the batch has workers \(layout.firstWorker) to \
            \(layout.firstWorker + layout.imageRanges.count - 1), but this rank hosts \(hosting.hosted)
            """)
        return GroupPlan(layout: layout, statistics: options.statistics, hosting: hosting)
    }

    /// The set of running statistics, among those kept here, that a cell belongs to.
    func set(ofCell cell: Int, _ plan: GroupPlan) -> Int {
        plan.joinsWorkers ? plan.rowOfCell[cell] : plan.hostedWorkerOfCell[cell]
    }
}
