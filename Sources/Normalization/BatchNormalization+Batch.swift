import Autograd
import Kernels

extension BatchNormalization {
    /// Normalises with the statistics of the batch.
    func normalizeWithBatch(
        _ x: Tensor, moments: MomentCollector, activation: Activation, training: Bool, on tape: Tape
    ) throws -> Tensor {
        let plan = training ? plan(tape.layout) : GroupPlan(eachOf: moments.cells)
        let sums = try GroupSums(
            of: moments.sums, width: 2 * channels, cellCounts: moments.cells.indices.map(moments.valueCount(ofCell:)),
            plan: plan, reducer: reducer, purpose: name)
        let statistics = statistics(from: sums, plan: plan, pivots: moments.pivots, training: training)
        let needsGradient = x.needsGradient || gamma?.needsGradient ?? false
        let y = try statistics.normalize(x, activation: activation, needsGradient: needsGradient)
        let layout = tape.layout
        tape.record("\(name) (batch normalisation)", output: y) { [self] upstream, flow in
            try flow.requireFirstOrder("batch normalisation")
            let cellSums = try statistics.gradientMoments(upstream, at: x, activation: activation)
            correctForCenter(cellSums, statistics)
            let groupSums = try GroupSums(
                of: cellSums, width: 2 * channels, cellCounts: plan.cells.map { _ in 0 }, plan: plan, reducer: reducer,
                purpose: backwardName)
            if training, case .world = options.statistics {
                try addGlobalParameterGradients(groupSums, statistics, flow)
            } else {
                try addParameterGradients(cellSums, statistics, layout, flow)
            }
            guard x.needsGradient else { return }
            let rows = gradientRows(groupSums, statistics)
            try statistics.addInputGradient(upstream, at: x, activation: activation, rows: rows, flow)
        }
        return y
    }

    private func statistics(
        from sums: GroupSums, plan: GroupPlan, pivots: Tensor, training: Bool
    ) -> NormalizedRows {
        let statistics = NormalizedRows(
            rows: plan.rowCount, channels: channels, cells: plan.cells, rowOfCell: plan.rowOfCell, counts: sums.counts)
        var means = Array(repeating: 0.0, count: channels)
        var variances = Array(repeating: 0.0, count: channels)
        for row in 0..<plan.rowCount where sums.counts[row] > 0 {
            let set = training ? self.set(ofRow: row, plan) : 0
            let count = Double(sums.counts[row])
            let rowSums = sums.values.doubles + row * 2 * channels
            for channel in 0..<channels {
                let shiftedMean = rowSums[channel] / count
                let variance = rowSums[channels + channel] / count - shiftedMean * shiftedMean
                means[channel] = Double(pivots.row(set)[channel]) + shiftedMean
                variances[channel] = variance < 0 ? 0 : variance
                statistics.set(
                    row: row, channel: channel, mean: means[channel],
                    inverseDeviation: 1 / (variances[channel] + options.epsilon).squareRoot(), gamma: gamma, beta: beta)
            }
            if training {
                let factor = options.biased || sums.counts[row] == 1 ? 1 : count / (count - 1)
                running.update(
                    set: set, momentum: options.momentum, batchMean: { means[$0] },
                    batchVariance: { variances[$0] * factor })
            }
        }
        return statistics
    }

    private func set(ofRow row: Int, _ plan: GroupPlan) -> Int {
        plan.joinsWorkers ? row : plan.hostedWorkerOfCell[row]
    }

    private func gradientRows(_ sums: GroupSums, _ statistics: NormalizedRows) -> GradientRows {
        let rows = GradientRows(rows: statistics.counts.count, channels: channels)
        for (row, count) in statistics.counts.enumerated() where count > 0 {
            let rowSums = sums.values.doubles + row * 2 * channels
            for channel in 0..<channels {
                let slope = Double(gamma?.pointer[channel] ?? 1)
                rows.set(
                    row: row, channel: channel, gamma: slope, gradientMean: slope * rowSums[channel] / Double(count),
                    productMean: slope * rowSums[channels + channel] / Double(count), in: statistics)
            }
        }
        return rows
    }

    /// dγ and dβ of a synchronised norm are in the message that its backward pass needs anyway, so they are not
    /// exchanged again.
    private func addGlobalParameterGradients(
        _ sums: GroupSums, _ statistics: NormalizedRows, _ flow: GradientFlow
    ) throws {
        guard let gamma, let beta else { return }
        let gammaGradient = Tensor(shape: gamma.shape)
        let betaGradient = Tensor(shape: beta.shape)
        for channel in 0..<channels {
            betaGradient.pointer[channel] = Float(sums.values.doubles[channel])
            gammaGradient.pointer[channel] = Float(
                sums.values.doubles[channels + channel] * statistics.inverseDeviation.doubles[channel])
        }
        try flow.add(globalGradient: gammaGradient, to: gamma)
        try flow.add(globalGradient: betaGradient, to: beta)
    }
}

extension GroupPlan {
    /// Every cell keeps to itself.
    init(eachOf cells: [Range<Int>]) {
        self.cells = cells
        rowOfCell = Array(cells.indices)
        hostedWorkerOfCell = Array(cells.indices)
        rowCount = cells.count
        joinsWorkers = false
        spanningGroups = []
        firstGroup = 0
    }
}
