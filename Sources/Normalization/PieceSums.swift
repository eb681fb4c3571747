import Autograd

/// Sums over pieces of cells. Threads may take pieces in any order: they are added up to sums of the cells in the order
/// of the pieces.
struct PieceSums {
    /// Values of a sum.
    private let width: Int
    private let cellOfPiece: [Int]
    /// Pieces × width.
    private let values: Buffer

    /// Zeros.
    init(cellOfPiece: [Int], width: Int) {
        self.width = width
        self.cellOfPiece = cellOfPiece
        values = .zeros(cellOfPiece.count * width)
    }

    /// The sum of a piece: width.
    func sum(ofPiece piece: Int) -> UnsafeMutablePointer<Double> { values.doubles + piece * width }

    /// Adds the pieces to their cells.
    ///
    /// - Parameter cells: cells × width, accumulated.
    func add(to cells: Buffer) {
        for (piece, cell) in cellOfPiece.enumerated() {
            let source = sum(ofPiece: piece)
            let target = cells.doubles + cell * width
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
