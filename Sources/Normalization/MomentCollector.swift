import Autograd
import Kernels
import Threads

/// Σ(x−K) and Σ(x−K)² of each channel over each cell: a run of images of one worker that share statistics.
public final class MomentCollector: SliceObserver {
    /// The images of each cell, in order and without gaps.
    let cells: [Range<Int>]
    let channels: Int
    let pixelsPerImage: Int
    /// Cells × 2 × channels: the sums of a cell, then its sums of squares.
    let sums: Buffer
    /// Rows × channels: K, as it was when the collector was made.
    let pivots: Tensor
    private let pivotRows: [Int]
    private var slices: [Range<Int>] = []
    /// The pieces of all slices, in order.
    private var pieces: [Piece] = []
    /// Where the pieces of each slice begin, and where those of the last end.
    private var firstPiece: [Int] = []
    /// 2 × channels each.
    private var pieceSums: PieceSums?

    /// The part of a slice that lies in one cell.
    private struct Piece {
        let cell: Int
        let images: Range<Int>
    }

    /// - Parameters:
    ///   - pivots: rows × channels: values near the means; copied.
    ///   - pivotRows: which row belongs to each cell.
    init(cells: [Range<Int>], shape: [Int], pivots: Tensor, pivotRows: [Int]) {
        self.cells = cells
        channels = shape[3]
        pixelsPerImage = shape[1] * shape[2]
        self.pivots = Tensor(shape: pivots.shape)
        self.pivots.pointer.update(from: pivots.pointer, count: pivots.count)
        self.pivotRows = pivotRows
        sums = .zeros(cells.count * 2 * channels)
    }

    /// Prepares a place for the sums of each slice.
    public func begin(slices: [Range<Int>]) {
        self.slices = slices
        pieces = []
        firstPiece = [0]
        var cell = 0
        for slice in slices {
            var start = slice.lowerBound
            while start < slice.upperBound {
                while cells[cell].upperBound <= start { cell += 1 }
                let end = min(slice.upperBound, cells[cell].upperBound)
                pieces.append(Piece(cell: cell, images: start..<end))
                start = end
            }
            firstPiece.append(pieces.count)
        }
        pieceSums = PieceSums(cellOfPiece: pieces.map(\.cell), width: 2 * channels)
    }

    /// Takes the sums of a slice.
    ///
    /// - Parameter values: the first value of the first image of the slice.
    public func add(slice: Int, _ values: UnsafePointer<Float>) {
        guard let pieceSums else { preconditionFailure("a slice before begin(slices:)") }
        for index in firstPiece[slice]..<firstPiece[slice + 1] {
            let piece = pieces[index]
            let offset = (piece.images.lowerBound - slices[slice].lowerBound) * pixelsPerImage * channels
            let sum = pieceSums.sum(ofPiece: index)
            addChannelMoments(
                of: values + offset, pixels: piece.images.count * pixelsPerImage, channels: channels,
                pivot: pivots.row(pivotRows[piece.cell]), sum: sum, squareSum: sum + channels)
        }
    }

    /// Adds up the slices of each cell in their order, whichever was ready first.
    public func end() {
        guard let pieceSums else { preconditionFailure("end() before begin(slices:)") }
        pieceSums.add(to: sums)
        self.pieceSums = nil
    }

    /// Takes the sums of all images.
    func add(all x: Tensor, layout: BatchLayout) throws {
        let slices = layout.slices(bytesPerImage: pixelsPerImage * channels * MemoryLayout<Float>.stride)
        begin(slices: slices)
        try Threads.forEach(slices.count) { add(slice: $0, x.row(slices[$0].lowerBound)) }
        end()
    }

    /// The sums of a cell, channels, followed by its sums of squares.
    func sum(ofCell cell: Int) -> UnsafeMutablePointer<Double> { sums.doubles + cell * 2 * channels }

    /// How many values of each channel a cell holds.
    func valueCount(ofCell cell: Int) -> Int { cells[cell].count * pixelsPerImage }
}
