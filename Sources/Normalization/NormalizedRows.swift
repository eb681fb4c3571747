import Autograd
import Kernels
import Threads

/// The statistics that a forward pass used and its backward pass needs, a row for each set of samples that share them.
struct NormalizedRows {
    let channels: Int
    /// Rows × channels: μ rounded to Float.
    let center: Tensor
    /// Rows × channels: γ/√(σ²+ε).
    let scale: Tensor
    /// Rows × channels: β, corrected for the rounding of μ.
    let shift: Tensor
    /// Rows × channels: 1/√(σ²+ε).
    let inverseDeviation: Buffer
    /// Rows × channels: center − μ.
    let centerError: Buffer
    /// The row of each cell.
    let rowOfCell: [Int]
    /// The images of each cell.
    let cells: [Range<Int>]
    /// How many values of a channel (or, for channel groups, of a group) share a row's statistics.
    let counts: [Int]

    init(rows: Int, channels: Int, cells: [Range<Int>], rowOfCell: [Int], counts: [Int]) {
        self.channels = channels
        self.cells = cells
        self.rowOfCell = rowOfCell
        self.counts = counts
        center = Tensor(shape: [rows, channels])
        scale = Tensor(shape: [rows, channels])
        shift = Tensor(shape: [rows, channels])
        inverseDeviation = Buffer(byteCount: rows * channels * MemoryLayout<Double>.stride)
        centerError = Buffer(byteCount: rows * channels * MemoryLayout<Double>.stride)
    }

    /// Sets one channel of a row.
    func set(
        row: Int, channel: Int, mean: Double, inverseDeviation inverse: Double, gamma: Tensor?, beta: Tensor?
    ) {
        let index = row * channels + channel
        let slope = Double(gamma?.pointer[channel] ?? 1) * inverse
        let rounded = Float(mean)
        center.pointer[index] = rounded
        scale.pointer[index] = Float(slope)
        shift.pointer[index] = Float(Double(beta?.pointer[channel] ?? 0) + (Double(rounded) - mean) * slope)
        inverseDeviation.doubles[index] = inverse
        centerError.doubles[index] = Double(rounded) - mean
    }

    func coefficients(ofRow row: Int) -> ChannelCoefficients {
        ChannelCoefficients(center: center.row(row), scale: scale.row(row), shift: shift.row(row))
    }

    /// Parts of the cells, small enough for the cache, in order; what they are does not depend on the number of threads.
    private func pieces(of x: Tensor) -> [(cell: Int, images: Range<Int>)] {
        let bytes = x.shape[1] * x.shape[2] * channels * MemoryLayout<Float>.stride
        return cells.enumerated().flatMap { cell, images in
            BatchLayout.slices(of: images, bytesPerImage: bytes).map { (cell, $0) }
        }
    }

    /// Normalises and activates every cell of x.
    func normalize(_ x: Tensor, activation: Activation, needsGradient: Bool) throws -> Tensor {
        let y = Tensor(shape: x.shape, needsGradient: needsGradient)
        let pixels = x.shape[1] * x.shape[2]
        let pieces = pieces(of: x)
        try Threads.forEach(pieces.count) { index in
            let (cell, images) = pieces[index]
            Kernels.normalize(
                x.row(images.lowerBound), pixels: images.count * pixels, channels: channels,
                coefficients: coefficients(ofRow: rowOfCell[cell]), activation: activation,
                into: y.row(images.lowerBound))
        }
        return y
    }

    /// Σg and Σg(x−center) of every cell: cells × 2 × channels.
    func gradientMoments(_ upstream: Tensor, at x: Tensor, activation: Activation) throws -> Buffer {
        let width = 2 * channels
        let pixels = x.shape[1] * x.shape[2]
        let pieces = pieces(of: x)
        let pieceSums = PieceSums(cellOfPiece: pieces.map(\.cell), width: width)
        try Threads.forEach(pieces.count) { index in
            let (cell, images) = pieces[index]
            let sum = pieceSums.sum(ofPiece: index)
            addGradientMoments(
                of: upstream.row(images.lowerBound), at: x.row(images.lowerBound), pixels: images.count * pixels,
                channels: channels, coefficients: coefficients(ofRow: rowOfCell[cell]), activation: activation,
                gradientSum: sum, gradientProductSum: sum + channels)
        }
        let sums = Buffer.zeros(cells.count * width)
        pieceSums.add(to: sums)
        return sums
    }

    /// Hands on dx of every cell, given the coefficients of every row; it takes the place of the upstream gradient where
    /// nobody else needs that.
    func addInputGradient(
        _ upstream: Tensor, at x: Tensor, activation: Activation, rows: GradientRows, _ flow: GradientFlow
    ) throws {
        let gradient = flow.mayOverwriteUpstream ? upstream : Tensor(shape: x.shape)
        let pixels = x.shape[1] * x.shape[2]
        let pieces = pieces(of: x)
        try Threads.forEach(pieces.count) { index in
            let (cell, images) = pieces[index]
            let row = rowOfCell[cell]
            normalizationInputGradient(
                of: upstream.row(images.lowerBound), at: x.row(images.lowerBound), pixels: images.count * pixels,
                channels: channels, coefficients: coefficients(ofRow: row), activation: activation,
                gradientCoefficients: rows.coefficients(ofRow: row), into: gradient.row(images.lowerBound))
        }
        flow.handOver(gradient, to: x)
    }
}

/// The coefficients of the input gradient, a row for each row of statistics.
struct GradientRows {
    private let factor: Tensor
    private let slope: Tensor
    private let offset: Tensor

    init(rows: Int, channels: Int) {
        factor = Tensor(shape: [rows, channels])
        slope = Tensor(shape: [rows, channels])
        offset = Tensor(shape: [rows, channels])
    }

    /// dx = v(γg − ΣA/N − (x−μ)v²ΣB/N) for one channel, sorted by powers of x − center.
    ///
    /// - Parameters:
    ///   - gradientMean: (Σ of γ·g)/N over the samples that share the statistics; 0 when they are constants.
    ///   - productMean: (Σ of γ·g·(x−μ))/N over the same.
    func set(
        row: Int, channel: Int, gamma: Double, gradientMean: Double, productMean: Double, in statistics: NormalizedRows
    ) {
        let index = row * statistics.channels + channel
        let inverse = statistics.inverseDeviation.doubles[index]
        let slopeValue = -inverse * inverse * inverse * productMean
        factor.pointer[index] = Float(gamma * inverse)
        slope.pointer[index] = Float(slopeValue)
        offset.pointer[index] = Float(slopeValue * statistics.centerError.doubles[index] - inverse * gradientMean)
    }

    func coefficients(ofRow row: Int) -> InputGradientCoefficients {
        InputGradientCoefficients(factor: factor.row(row), slope: slope.row(row), offset: offset.row(row))
    }
}
