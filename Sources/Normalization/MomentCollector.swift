import Autograd
import Kernels

/// Σ(x−K) and Σ(x−K)² of each channel over each cell: a run of images of one worker that share statistics.
public final class MomentCollector {
    /// The images of each cell, in order and without gaps.
    let cells: [Range<Int>]
    let channels: Int
    let pixelsPerImage: Int
    /// Cells × 2 × channels: the sums of a cell, then its sums of squares.
    let sums: Buffer
    /// Rows × channels: K, as it was when the collector was made.
    let pivots: Tensor
    private let pivotRows: [Int]
    private var currentCell = 0

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
        let count = cells.count * 2 * channels
        sums = Buffer(byteCount: count * MemoryLayout<Double>.stride)
        sums.doubles.update(repeating: 0, count: count)
    }

    /// Adds some images; all images are added once, in ascending order.
    ///
    /// - Parameter x: the first value of the first of these images.
    public func add(images: Range<Int>, of x: UnsafePointer<Float>) {
        var start = images.lowerBound
        while start < images.upperBound {
            while cells[currentCell].upperBound <= start { currentCell += 1 }
            let end = min(images.upperBound, cells[currentCell].upperBound)
            let offset = (start - images.lowerBound) * pixelsPerImage * channels
            addChannelMoments(
                of: x + offset, pixels: (end - start) * pixelsPerImage, channels: channels,
                pivot: pivots.row(pivotRows[currentCell]), sum: sum(ofCell: currentCell),
                squareSum: sum(ofCell: currentCell) + channels)
            start = end
        }
    }

    /// The sums of a cell, channels, followed by its sums of squares.
    func sum(ofCell cell: Int) -> UnsafeMutablePointer<Double> { sums.doubles + cell * 2 * channels }

    /// How many values of each channel a cell holds.
    func valueCount(ofCell cell: Int) -> Int { cells[cell].count * pixelsPerImage }
}
