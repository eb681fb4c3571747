import Kernels

/// Sums of integers, which do not depend on the order of addition: statistics, gradients and losses come out the same,
/// bit for bit, on any number of ranks.
public final class ExactSums: Sums {
    private let transport: any Transport

    /// Sums over the ranks of `transport`.
    public init(_ transport: any Transport = SingleRank()) {
        self.transport = transport
    }

    /// A contribution that is no finite number, or too large, raises the count beyond anything real, and every rank
    /// sees that the sum is lost.
    private static let lost = Int64(1) << 48

    /// Sums over the cells of each row. Rows that join workers are summed as integers, whoever hosts them, so that the
    /// result does not depend on how many workers share a rank.
    public func addCells(
        _ cells: UnsafePointer<Double>, as format: FixedPointSum, counts: [Int], width: Int, of grouping: Grouping,
        into rows: UnsafeMutablePointer<Double>, for purpose: String
    ) throws -> [Int] {
        guard grouping.joinsWorkers else {
            rows.update(from: cells, count: grouping.rowCount * width)
            return counts
        }
        let stride = 1 + width * format.digitCount
        return try withUnsafeTemporaryAllocation(of: Int64.self, capacity: grouping.placeCount * stride) { message in
            message.update(repeating: 0)
            guard let start = message.baseAddress else { return [] }
            for (cell, row) in grouping.rowOfCell.enumerated() {
                let place = start + grouping.placeOfRow[row] * stride
                place[0] += Int64(counts[cell])
                var isWhole = true
                for index in 0..<width {
                    let digits = place + 1 + index * format.digitCount
                    isWhole = format.add(cells[cell * width + index], to: digits) && isWhole
                }
                // Once a cell: as many cells as a sum may have can't overflow the count.
                if !isWhole { place[0] += Self.lost }
            }
            if grouping.spanningRows > 0 {
                try transport.sum(
                    UnsafeMutableBufferPointer(rebasing: message[..<(grouping.spanningRows * stride)]), for: purpose)
            }
            return grouping.placeOfRow.enumerated().map { row, place in
                let source = start + place * stride
                let isLost = source[0] >= Self.lost
                for index in 0..<width {
                    rows[row * width + index] =
                        isLost ? .nan : format.value(of: source + 1 + index * format.digitCount)
                }
                return Int(source[0] % Self.lost)
            }
        }
    }

    /// A sum of gradients that does not depend on the number of ranks.
    public func gradientSum(sizes: [Int], for purpose: String) -> any GradientSum {
        ExactGradientSum(sizes: sizes, transport: transport, purpose: purpose)
    }
}
