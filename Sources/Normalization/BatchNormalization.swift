import Autograd
import Kernels
import Workers

/// Batch normalisation over any group of samples: ghost batches, a worker, a node, or all workers (Ioffe and Szegedy
/// 2015, algorithm 1; synchronised over all workers: Peng et al. 2018, section 3.3).
public class BatchNormalization: NormalizationLayer {
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
    /// γ and β; those of statistics over all workers arrive with the sums that the backward pass needs anyway.
    public let affine: Affine
    /// Running statistics of the workers hosted here.
    public let running: RunningStatistics
    private let backwardName: String
    private let hosting: Hosting
    private let sums: any Sums

    /// γ begins as ones, β as zeros.
    ///
    /// - Parameters:
    ///   - name: what the layer is called in messages and files.
    ///   - channels: of the input.
    ///   - options: what can be chosen.
    ///   - hosting: which workers live where; `workers:k` must divide them.
    ///   - sums: takes sums over the workers of `hosting`.
    public init(
        name: String, channels: Int, options: Options = Options(), hosting: Hosting = Hosting(workers: 1),
        sums: any Sums = ExactSums()
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
        self.sums = sums
        running = RunningStatistics(statistics: options.statistics, hosting: hosting, channels: channels)
        affine = Affine(
            channels: channels, hasGamma: options.affine, hasBeta: options.affine,
            arrivesSummed: options.statistics == .world)
    }

    /// The running statistics.
    public var ownState: [StateTensor] { running.state(of: name) }

    /// Of each statistics group that has images.
    public func valueCounts(ofBatches batches: [Int], pixels: Int) -> [Int] {
        options.statistics.imageCounts(ofBatches: batches).map { $0 * pixels }
    }

    /// Sums with a cell for each worker or ghost batch; nil in evaluation.
    public func moments(for shape: [Int], _ context: ForwardContext) -> CellMoments? {
        requireImages(shape)
        let layout = context.tape.layout
        switch context.mode {
        case .evaluation:
            return nil
        case .training, .trainingWithoutUpdate:
            requireHostedWorkers(layout)
            // The running mean is near the mean, and the same on every rank that a group lives on.
            return CellMoments(
                Grouping(layout: layout, statistics: options.statistics, hosting: hosting), shape: shape,
                pivots: running.mean)
        case .batchStatistics:
            // Not the running mean: whose is kept here depends on which workers are.
            return CellMoments(Grouping(apart: layout.occupiedRanges), shape: shape)
        }
    }

    /// activation(γ(x−μ)/√(σ²+ε) + β), with an update of the running statistics in training.
    public func normalize(
        _ x: Tensor, _ moments: CellMoments?, activation: Activation, _ context: ForwardContext
    ) throws -> Tensor {
        guard let moments else {
            return try normalize(
                x, with: context.statistics[name] ?? running.pooled, epsilon: options.epsilon, activation: activation,
                context, addingParameterGradients: addParameterGradients)
        }

        // N, S₁ = Σ(x−K) and S₂ = Σ(x−K)² of each group, wherever its workers live.
        let grouping = moments.grouping
        let groupSums = Buffer.zeros(grouping.rowCount * 2 * channels)
        let counts = try sums.addCells(
            moments.sums.doubles, as: .activations, counts: moments.valueCounts, width: 2 * channels, of: grouping,
            into: groupSums.doubles, for: name)

        let statistics = StatisticsRows(grouping, channels: channels, counts: counts)
        for row in 0..<grouping.rowCount where counts[row] > 0 {
            let (set, count) = (grouping.setOfRow[row], Double(counts[row]))
            let batch = (0..<channels).map { channel in
                // μ = K + S₁/N, σ² = S₂/N − (S₁/N)², v = 1/√(σ²+ε).
                let rowSums = groupSums.doubles + row * 2 * channels
                let shiftedMean = rowSums[channel] / count
                let mean = Double(moments.pivot(ofRow: row)[channel]) + shiftedMean
                let difference = rowSums[channels + channel] / count - shiftedMean * shiftedMean
                let variance = difference < 0 ? 0 : difference
                let inverseDeviation = 1 / (variance + options.epsilon).squareRoot()
                statistics.set(
                    row: row, channel: channel, mean: mean, inverseDeviation: inverseDeviation,
                    correction: correction(
                        of: BatchMoments(mean: mean, variance: variance), set: set, channel: channel, context.mode),
                    affine)
                return BatchMoments(mean: mean, variance: variance)
            }
            if context.mode == .training {
                running.update(
                    set: set, with: batch, count: count, momentum: options.momentum, biased: options.biased)
            }
        }

        // y = activation(γ(x−μ)v + β).
        let y = try statistics.normalize(
            x, activation: activation, needsGradient: x.needsGradient || affine.needsGradient)
        let layout = context.tape.layout
        context.tape.record("\(name) (batch normalisation)", output: y) { [self] upstream, flow in
            try flow.requireFirstOrder("batch normalisation")
            try addGradients(upstream, at: x, activation, statistics, layout, flow)
        }
        return y
    }

    private func addGradients(
        _ upstream: Tensor, at x: Tensor, _ activation: Activation, _ statistics: StatisticsRows,
        _ layout: BatchLayout, _ flow: GradientFlow
    ) throws {
        // A = Σg and B = Σg(x−μ): of each cell, then of each group.
        let cellSums = try statistics.gradientMoments(upstream, at: x, activation: activation)
        let grouping = statistics.grouping
        let groupSums = Buffer.zeros(grouping.rowCount * 2 * channels)
        _ = try sums.addCells(
            cellSums.doubles, as: .gradients, counts: grouping.cells.map { _ in 0 }, width: 2 * channels, of: grouping,
            into: groupSums.doubles, for: backwardName)

        // dβ = A, dγ = vB.
        if grouping.joinsWorkers && affine.arrivesSummed {
            try addGlobalGradients(flow) { channel in
                let (a, b) = (groupSums.doubles[channel], groupSums.doubles[channels + channel])
                return (a, statistics.gain(row: 0, channel: channel, a: a, b: b))
            }
        } else {
            try addParameterGradients(cellSums, statistics, layout, flow)
        }

        // dx = γv(g − A/N − (x−μ)v²B/N).
        guard x.needsGradient else { return }
        try statistics.addInputGradient(upstream, at: x, activation: activation, affine, flow) { row, channel in
            let rowSums = groupSums.doubles + row * 2 * channels
            let (gamma, count) = (affine.scale(channel), Double(statistics.counts[row]))
            return (gamma * rowSums[channel] / count, gamma * rowSums[channels + channel] / count)
        }
    }

    /// Hands over dγ and dβ where the backward pass needs no sums over workers.
    ///
    /// - Parameter cellSums: cells × 2 × channels: A and B of each cell.
    private func addParameterGradients(
        _ cellSums: Buffer, _ statistics: StatisticsRows, _ layout: BatchLayout, _ flow: GradientFlow
    ) throws {
        guard affine.arrivesSummed, let gamma = affine.gamma, flow.isReceived(gamma) else {
            return try statistics.addParameterGradients(cellSums, affine, layout, flow)
        }
        // Who takes them relies on their being summed over all workers.
        requireHostedWorkers(layout)
        let shares = statistics.parameterGradients(cellSums, layout)
        let total = Buffer.zeros(2 * channels)
        _ = try sums.addCells(
            shares.doubles, as: .gradients, counts: layout.occupiedRanges.map { _ in 0 }, width: 2 * channels,
            of: Grouping(layout: layout, statistics: .world, hosting: hosting), into: total.doubles, for: backwardName)
        try addGlobalGradients(flow) { (total.doubles[$0], total.doubles[channels + $0]) }
    }

    /// Hands over dβ and dγ that are summed over all workers, so that they are not exchanged again.
    private func addGlobalGradients(_ flow: GradientFlow, _ ofChannel: (Int) -> (beta: Double, gamma: Double)) throws {
        guard let gamma = affine.gamma, let beta = affine.beta else { return }
        let gammaGradient = Tensor(shape: gamma.shape)
        let betaGradient = Tensor(shape: beta.shape)
        for channel in 0..<channels {
            let gradient = ofChannel(channel)
            betaGradient.pointer[channel] = Float(gradient.beta)
            gammaGradient.pointer[channel] = Float(gradient.gamma)
        }
        try flow.add(globalGradient: gammaGradient, to: gamma)
        try flow.add(globalGradient: betaGradient, to: beta)
    }

    /// What the normalised values are multiplied by, and what is added to them, before γ and β: nothing here. A norm that
    /// corrects the batch's statistics overrides it; its backward pass takes both for constants.
    func correction(
        of batch: BatchMoments, set: Int, channel: Int, _ mode: ForwardMode
    ) -> (scale: Double, shift: Double) { (1, 0) }

    private func requireHostedWorkers(_ layout: BatchLayout) {
        precondition(
            layout.firstWorker == hosting.hosted.lowerBound && layout.imageRanges.count == hosting.hosted.count,
            """
            \(name): the batch has workers \(layout.firstWorker) to \
            \(layout.firstWorker + layout.imageRanges.count - 1), but this rank hosts \(hosting.hosted)
            """)
    }
}

/// The mean and the biased variance of one channel over a group.
struct BatchMoments {
    let mean: Double
    let variance: Double
}
