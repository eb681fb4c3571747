/// The rows of a table that are most like a given one, by their inner products.
public struct NearestRows {
    /// The rows, the nearest first; of equally near ones that which stands first in the table.
    public let indices: [Int]

    /// - Parameters:
    ///   - row: columns, read. With values that are not numbers it is near to nothing.
    ///   - table: count × columns, read.
    ///   - limit: how many rows are asked for, at least one; all when there are fewer.
    public init(
        to row: UnsafePointer<Float>, in table: UnsafePointer<Float>, count: Int, columns: Int, limit: Int
    ) {
        var found: [(similarity: Float, index: Int)] = []
        found.reserveCapacity(limit + 1)
        for index in 0..<count {
            let similarity = Self.product(row, table + index * columns, columns: columns)
            let isFull = found.count == limit
            guard similarity == similarity, !isFull || similarity > found[limit - 1].similarity else { continue }
            if isFull { found.removeLast() }
            var place = found.count
            while place > 0, found[place - 1].similarity < similarity { place -= 1 }
            found.insert((similarity, index), at: place)
        }
        indices = found.map(\.index)
    }

    /// In Float: it only has to be the same for the same two rows.
    @inline(__always)
    private static func product(
        _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, columns: Int
    ) -> Float {
        var (even, odd) = (Vector.zero, Vector.zero)
        var column = 0
        while column + 16 <= columns {
            even.addProduct(first.vector(at: column), second.vector(at: column))
            odd.addProduct(first.vector(at: column + 8), second.vector(at: column + 8))
            column += 16
        }
        var sum = (even + odd).sum()
        while column < columns {
            sum += first[column] * second[column]
            column += 1
        }
        return sum
    }
}
