import Autograd
import Kernels
import Threads
import Workers

/// Σ(x−K) and Σ(x−K)² of each channel over each cell of a grouping: the sums from which a forward pass takes its
/// statistics.
public final class CellMoments: SliceObserver {
    /// How the batch divides; made once a layer and step.
    let grouping: Grouping
    let channels: Int
    let pixelsPerImage: Int
    /// Sets × channels: K, as it was when the pass began.
    private let pivots: Tensor
    /// Cells × 2 × channels: the sums of a cell, then its sums of squares.
    let sums: Buffer
    private var slices: [Range<Int>] = []
    private var pieces = Pieces()
    /// Pieces × 2 × channels.
    private var pieceSums: Buffer?

    /// - Parameters:
    ///   - shape: of the input, NHWC.
    ///   - pivots: sets × channels: values near the means, copied, a row for each set of `grouping.setOfRow`; zeros when
    ///     left out.
    init(_ grouping: Grouping, shape: [Int], pivots: Tensor? = nil) {
        self.grouping = grouping
        channels = shape[3]
        pixelsPerImage = shape[1] * shape[2]
        self.pivots = Tensor(shape: pivots?.shape ?? [1, channels])
        if let pivots {
            _ = self.pivots.values.update(from: pivots.values)
        } else {
            self.pivots.values.update(repeating: 0)
        }
        sums = .zeros(grouping.cells.count * 2 * channels)
    }

    /// Prepares a place for the sums of each slice.
    public func begin(slices: [Range<Int>]) {
        self.slices = slices
        pieces = Pieces(of: slices, cells: grouping.cells)
        pieceSums = .zeros(pieces.all.count * 2 * channels)
    }

    /// Takes the sums of a slice.
    ///
    /// - Parameters:
    ///   - slice: its place among the slices.
    ///   - values: the first value of the first image of the slice.
    public func add(slice: Int, _ values: UnsafePointer<Float>) {
        guard let pieceSums else { preconditionFailure("a slice before begin(slices:)") }
        for index in pieces.ofSlice(slice) {
            let piece = pieces.all[index]
            let offset = (piece.images.lowerBound - slices[slice].lowerBound) * pixelsPerImage * channels
            let sum = pieceSums.doubles + index * 2 * channels
            addChannelMoments(
                of: values + offset, pixels: piece.images.count * pixelsPerImage, channels: channels,
                pivot: pivot(ofRow: grouping.rowOfCell[piece.cell]), sum: sum, squareSum: sum + channels)
        }
    }

    /// Adds up the pieces of each cell in their order, whichever was ready first.
    public func end() {
        guard let pieceSums else { preconditionFailure("end() before begin(slices:)") }
        pieces.add(pieceSums, to: sums, width: 2 * channels)
        self.pieceSums = nil
    }

    /// Takes the sums of all images.
    func add(all x: Tensor, layout: BatchLayout) throws {
        let slices = layout.slices(bytesPerImage: pixelsPerImage * channels * MemoryLayout<Float>.stride)
        begin(slices: slices)
        try Threads.forEach(slices.count) { add(slice: $0, x.row(slices[$0].lowerBound)) }
        end()
    }

    /// K of a row: channels.
    func pivot(ofRow row: Int) -> UnsafePointer<Float> { UnsafePointer(pivots.row(grouping.setOfRow[row])) }

    /// The sums of a cell, channels, followed by its sums of squares.
    func sum(ofCell cell: Int) -> UnsafeMutablePointer<Double> { sums.doubles + cell * 2 * channels }

    /// How many values of each channel each cell holds.
    var valueCounts: [Int] { grouping.cells.map { $0.count * pixelsPerImage } }
}

/// The parts of cells that lie in one slice each, in order.
struct Pieces {
    /// All pieces.
    private(set) var all: [(cell: Int, images: Range<Int>)] = []
    /// Where the pieces of each slice begin, and where those of the last end.
    private var starts = [0]

    /// No pieces.
    init() {}

    /// Cuts slices at the borders of cells; both are in order and without gaps.
    init(of slices: [Range<Int>], cells: [Range<Int>]) {
        var cell = 0
        for slice in slices {
            var start = slice.lowerBound
            while start < slice.upperBound {
                while cells[cell].upperBound <= start { cell += 1 }
                let end = min(slice.upperBound, cells[cell].upperBound)
                all.append((cell, start..<end))
                start = end
            }
            starts.append(all.count)
        }
    }

    /// Cuts cells into slices; what they are does not depend on the number of threads.
    init(ofCells cells: [Range<Int>], bytesPerImage: Int) {
        for (cell, images) in cells.enumerated() {
            all += BatchLayout.slices(of: images, bytesPerImage: bytesPerImage).map { (cell, $0) }
        }
    }

    func ofSlice(_ slice: Int) -> Range<Int> { starts[slice]..<starts[slice + 1] }

    /// Adds sums over the pieces to sums over their cells, in the order of the pieces.
    ///
    /// - Parameters:
    ///   - sums: pieces × width, read.
    ///   - cells: cells × width, accumulated.
    func add(_ sums: Buffer, to cells: Buffer, width: Int) {
        for (index, piece) in all.enumerated() {
            let source = sums.doubles + index * width
            let target = cells.doubles + piece.cell * width
            for index in 0..<width { target[index] += source[index] }
        }
    }
}

extension Buffer {
    /// Zeros of Double.
    static func zeros(_ count: Int) -> Buffer {
        let buffer = Buffer(byteCount: count * MemoryLayout<Double>.stride)
        buffer.doubles.update(repeating: 0, count: count)
        return buffer
    }
}
