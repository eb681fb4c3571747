import Kernels
import Threads
import Workers

/// The loss of pairs of views over this rank's images.
public struct ContrastiveCrossEntropy {
    /// Σ ℓ over this rank's rows, divided by the rows of all workers: the ranks' values add up to the mean loss.
    public let loss: Tensor
    /// Σ ℓ of each hosted worker, not divided.
    public let workerLossSums: [Double]
    /// How many of this rank's rows have their partner for the nearest of all other rows.
    public let nearestPartners: Int
}

extension Tape {
    /// The normalised temperature-scaled cross-entropy (NT-Xent: Chen et al. 2020, equation 1) over the rows of all
    /// workers, divided by their number. Can't be differentiated again.
    ///
    /// The gradient of a row collects what it is to all anchors of the run, not only to those of this rank, and is a
    /// function of the rows of all workers alone: no other message is needed for it.
    ///
    /// - Parameters:
    ///   - rows: images × columns, of length 1.
    ///   - all: the same of all workers, in their order.
    ///   - first: where the rows of this rank begin among them.
    ///   - partners: of each row of all workers, the other view of its image.
    ///   - temperature: τ.
    public func contrastiveCrossEntropy(
        _ rows: Tensor, among all: Tensor, first: Int, partners: [Int], temperature: Double
    ) throws -> ContrastiveCrossEntropy {
        requireImages(rows)
        precondition(
            rows.shape.count == 2 && all.shape == [partners.count, rows.shape[1]]
                && first + rows.shape[0] <= all.shape[0],
            "rows of shape \(rows.shape) from \(first) on are not among those of shape \(all.shape) with "
                + "\(partners.count) partners")
        let contrast = ContrastiveRows(
            all.pointer, columns: all.shape[1], partners: partners, temperature: temperature)
        let share = 1 / Double(layout.globalImages)
        let gradient = Tensor(shape: rows.shape)
        let anchors = try anchors(of: contrast)
        if isRecording, rows.needsGradient {
            let logSums = anchors.map(\.logSum)
            try Threads.forEach(rows.shape[0]) { row in
                contrast.gradient(first + row, logSums: logSums, factor: share, into: gradient.row(row))
            }
        }
        withExtendedLifetime(all) {}
        let lossSums = layout.imageRanges.map { images in
            images.reduce(0.0) { $0 + anchors[first + $1].loss }
        }
        let loss = Tensor([Float(lossSums.reduce(0, +) * share)], shape: [], needsGradient: rows.needsGradient)
        record("contrastive cross-entropy", output: loss) { upstream, flow in
            try flow.requireFirstOrder("contrastive cross-entropy")
            flow.add(flow.arithmetic.scale(gradient, by: upstream.pointer[0]), to: rows)
        }
        return ContrastiveCrossEntropy(
            loss: loss, workerLossSums: lossSums,
            nearestPartners: anchors[first..<first + rows.shape[0]].count { $0.isNearest })
    }

    /// Of all rows of the run: every rank finds them itself.
    private func anchors(of contrast: ContrastiveRows) throws -> [ContrastiveRows.Anchor] {
        try [ContrastiveRows.Anchor](unsafeUninitializedCapacity: contrast.count) { anchors, initialized in
            try Threads.forEach(contrast.count) { anchors.initializeElement(at: $0, to: contrast.anchor($0)) }
            initialized = contrast.count
        }
    }
}
