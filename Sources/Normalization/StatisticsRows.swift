import Autograd
import Kernels
import Threads
import Workers

/// The statistics that a forward pass used and its backward pass needs, a row for each set of samples that share them,
/// and the kernels that go over all cells with them.
struct StatisticsRows {
    let grouping: Grouping
    let channels: Int
    /// How many values share each row's statistics.
    let counts: [Int]
    /// Rows × channels: μ rounded to Float.
    private let center: Tensor
    /// Rows × channels: what x−μ is multiplied by.
    private let scale: Tensor
    /// Rows × channels: what is added, corrected for the rounding of μ.
    private let shift: Tensor
    /// Rows × channels: v = 1/√(σ²+ε).
    private let inverseDeviation: Buffer
    /// Rows × channels: what x−μ is multiplied by before γ: v, times the correction.
    private let slope: Buffer
    /// Rows × channels: what is added before γ: 0, or the correction.
    private let offset: Buffer
    /// Rows × channels: center − μ.
    private let centerError: Buffer

    init(_ grouping: Grouping, channels: Int, counts: [Int]) {
        self.grouping = grouping
        self.channels = channels
        self.counts = counts
        let shape = [grouping.rowCount, channels]
        center = Tensor(shape: shape)
        scale = Tensor(shape: shape)
        shift = Tensor(shape: shape)
        let bytes = grouping.rowCount * channels * MemoryLayout<Double>.stride
        inverseDeviation = Buffer(byteCount: bytes)
        slope = Buffer(byteCount: bytes)
        offset = Buffer(byteCount: bytes)
        centerError = Buffer(byteCount: bytes)
    }

    /// Sets one channel of a row: y = γ((x−μ)·v·scale + shift) + β.
    ///
    /// - Parameters:
    ///   - inverseDeviation: v.
    ///   - correction: scale and shift; constants in the backward pass.
    func set(
        row: Int, channel: Int, mean: Double, inverseDeviation inverse: Double,
        correction: (scale: Double, shift: Double) = (1, 0), _ affine: Affine
    ) {
        let index = row * channels + channel
        let rounded = Float(mean)
        let product = affine.scale(channel) * (correction.scale * inverse)
        let sum = affine.shift(channel) + affine.scale(channel) * correction.shift
        center.pointer[index] = rounded
        scale.pointer[index] = Float(product)
        shift.pointer[index] = Float(sum + (Double(rounded) - mean) * product)
        inverseDeviation.doubles[index] = inverse
        slope.doubles[index] = correction.scale * inverse
        offset.doubles[index] = correction.shift
        centerError.doubles[index] = Double(rounded) - mean
    }

    private func coefficients(ofCell cell: Int) -> ChannelCoefficients {
        let row = grouping.rowOfCell[cell]
        return ChannelCoefficients(center: center.row(row), scale: scale.row(row), shift: shift.row(row))
    }

    private func pieces(of x: Tensor) -> Pieces {
        Pieces(
            ofCells: grouping.cells,
            bytesPerImage: x.shape[1] * x.shape[2] * channels * MemoryLayout<Float>.stride)
    }

    /// y = activation((x−μ)·scale + shift) over every cell of x.
    func normalize(_ x: Tensor, activation: Activation, needsGradient: Bool) throws -> Tensor {
        let y = Tensor(shape: x.shape, needsGradient: needsGradient)
        let pixels = x.shape[1] * x.shape[2]
        let pieces = pieces(of: x).all
        try Threads.forEach(pieces.count) { index in
            let (cell, images) = pieces[index]
            Kernels.normalize(
                x.row(images.lowerBound), pixels: images.count * pixels, channels: channels,
                coefficients: coefficients(ofCell: cell), activation: activation, into: y.row(images.lowerBound))
        }
        return y
    }

    /// A = Σg and B = Σg(x−μ) of every cell, g being the gradient masked by the activation: cells × 2 × channels.
    func gradientMoments(_ upstream: Tensor, at x: Tensor, activation: Activation) throws -> Buffer {
        let width = 2 * channels
        let pixels = x.shape[1] * x.shape[2]
        let pieces = pieces(of: x)
        let pieceSums = Buffer.zeros(pieces.all.count * width)
        try Threads.forEach(pieces.all.count) { index in
            let (cell, images) = pieces.all[index]
            let sum = pieceSums.doubles + index * width
            addGradientMoments(
                of: upstream.row(images.lowerBound), at: x.row(images.lowerBound), pixels: images.count * pixels,
                channels: channels, coefficients: coefficients(ofCell: cell), activation: activation,
                gradientSum: sum, gradientProductSum: sum + channels)
        }
        let sums = Buffer.zeros(grouping.cells.count * width)
        pieces.add(pieceSums, to: sums, width: width)
        correctForCenter(sums)
        return sums
    }

    /// Turns Σg(x−center) of every cell into Σg(x−μ).
    private func correctForCenter(_ sums: Buffer) {
        for (cell, row) in grouping.rowOfCell.enumerated() {
            let gradientSum = sums.doubles + cell * 2 * channels
            let error = centerError.doubles + row * channels
            for channel in 0..<channels { gradientSum[channels + channel] += error[channel] * gradientSum[channel] }
        }
    }

    /// Hands on dx = γv(g − A/N − (x−μ)v²B/N) over every cell (with the slope in place of the first v where it is
    /// corrected); it takes the place of the upstream gradient where nobody else needs that.
    ///
    /// - Parameter means: γA/N and γB/N of a channel of a row.
    func addInputGradient(
        _ upstream: Tensor, at x: Tensor, activation: Activation, _ affine: Affine, _ flow: GradientFlow,
        means: (_ row: Int, _ channel: Int) -> (a: Double, b: Double)
    ) throws {
        let shape = [grouping.rowCount, channels]
        // dx = factors·g + slopes·(x − center) + offsets, as the kernel takes it.
        let (factors, slopes, offsets) = (Tensor(shape: shape), Tensor(shape: shape), Tensor(shape: shape))
        for row in 0..<grouping.rowCount where counts[row] > 0 {
            for channel in 0..<channels {
                let index = row * channels + channel
                let (a, b) = means(row, channel)
                let (inverse, slope) = (inverseDeviation.doubles[index], slope.doubles[index])
                let productSlope = -inverse * inverse * slope * b
                factors.pointer[index] = Float(affine.scale(channel) * slope)
                slopes.pointer[index] = Float(productSlope)
                offsets.pointer[index] = Float(productSlope * centerError.doubles[index] - slope * a)
            }
        }
        let gradient = flow.mayOverwriteUpstream ? upstream : Tensor(shape: x.shape)
        let pixels = x.shape[1] * x.shape[2]
        let pieces = pieces(of: x).all
        try Threads.forEach(pieces.count) { index in
            let (cell, images) = pieces[index]
            let row = grouping.rowOfCell[cell]
            normalizationInputGradient(
                of: upstream.row(images.lowerBound), at: x.row(images.lowerBound), pixels: images.count * pixels,
                channels: channels, coefficients: coefficients(ofCell: cell), activation: activation,
                gradientCoefficients: InputGradientCoefficients(
                    factor: factors.row(row), slope: slopes.row(row), offset: offsets.row(row)),
                into: gradient.row(images.lowerBound))
        }
        flow.handOver(gradient, to: x)
    }

    /// dγ of a channel of a row, given A and B over some of its samples: Σg times what γ is multiplied by.
    func gain(row: Int, channel: Int, a: Double, b: Double) -> Double {
        let index = row * channels + channel
        return b * slope.doubles[index] + a * offset.doubles[index]
    }

    /// dβ and dγ of each worker with images, summed over the worker's cells in order: workers × 2 × channels.
    ///
    /// - Parameter sums: cells × 2 × channels: A and B of each cell.
    func parameterGradients(_ sums: Buffer, _ layout: BatchLayout) -> Buffer {
        let workers = layout.occupiedRanges
        let gradients = Buffer.zeros(workers.count * 2 * channels)
        var cell = 0
        for (worker, images) in workers.enumerated() {
            let gradient = gradients.doubles + worker * 2 * channels
            while cell < grouping.cells.count, grouping.cells[cell].upperBound <= images.upperBound {
                let cellSums = sums.doubles + cell * 2 * channels
                for channel in 0..<channels {
                    let (a, b) = (cellSums[channel], cellSums[channels + channel])
                    gradient[channel] += a
                    gradient[channels + channel] += gain(row: grouping.rowOfCell[cell], channel: channel, a: a, b: b)
                }
                cell += 1
            }
        }
        return gradients
    }

    /// Hands over each worker's share of dγ and dβ.
    ///
    /// - Parameter sums: cells × 2 × channels: A and B of each cell.
    func addParameterGradients(_ sums: Buffer, _ affine: Affine, _ layout: BatchLayout, _ flow: GradientFlow) throws {
        let gradients = parameterGradients(sums, layout)
        for worker in layout.occupiedRanges.indices {
            let gradient = gradients.doubles + worker * 2 * channels
            let (gammaShare, betaShare) = (Tensor(shape: [channels]), Tensor(shape: [channels]))
            for channel in 0..<channels {
                betaShare.pointer[channel] = Float(gradient[channel])
                gammaShare.pointer[channel] = Float(gradient[channels + channel])
            }
            if let gamma = affine.gamma { try flow.add(workerShare: gammaShare, to: gamma) }
            if let beta = affine.beta { try flow.add(workerShare: betaShare, to: beta) }
        }
    }
}
