import Autograd

extension NormalizationLayer {
    /// Turns Σg(x−center) of every cell into Σg(x−μ).
    ///
    /// - Parameter sums: cells × 2 × channels, the second half of each cell overwritten.
    func correctForCenter(_ sums: Buffer, _ statistics: NormalizedRows) {
        let channels = statistics.channels
        for (cell, row) in statistics.rowOfCell.enumerated() {
            let gradientSum = sums.doubles + cell * 2 * channels
            let centerError = statistics.centerError.doubles + row * channels
            for channel in 0..<channels {
                gradientSum[channels + channel] += centerError[channel] * gradientSum[channel]
            }
        }
    }

    /// Hands over each worker's share of dγ = Σ v·Σg(x−μ) and dβ = ΣΣg, summed over the worker's cells in order.
    ///
    /// - Parameter sums: cells × 2 × channels: Σg and Σg(x−μ) of each cell.
    func addParameterGradients(
        _ sums: Buffer, _ statistics: NormalizedRows, _ layout: BatchLayout, _ flow: GradientFlow
    ) throws {
        guard let gamma, let beta else { return }
        let channels = statistics.channels
        var cell = 0
        for images in layout.imageRanges where !images.isEmpty {
            let gammaShare = Tensor(shape: gamma.shape)
            let betaShare = Tensor(shape: beta.shape)
            let firstCell = cell
            while cell < statistics.cells.count, statistics.cells[cell].upperBound <= images.upperBound { cell += 1 }
            for channel in 0..<channels {
                var gammaSum = 0.0
                var betaSum = 0.0
                for member in firstCell..<cell {
                    let gradientSum = sums.doubles + member * 2 * channels
                    let row = statistics.rowOfCell[member]
                    betaSum += gradientSum[channel]
                    gammaSum +=
                        gradientSum[channels + channel] * statistics.inverseDeviation.doubles[row * channels + channel]
                }
                gammaShare.pointer[channel] = Float(gammaSum)
                betaShare.pointer[channel] = Float(betaSum)
            }
            try flow.add(workerShare: gammaShare, to: gamma)
            try flow.add(workerShare: betaShare, to: beta)
        }
    }
}
