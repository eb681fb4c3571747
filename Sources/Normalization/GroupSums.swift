import Autograd
import Kernels

/// Sums over the cells of each row of a plan, in one message for all rows that live on several ranks.
///
/// Rows that join workers are summed as integers, whoever hosts them, so that the result does not depend on how many
/// workers share a rank.
struct GroupSums {
    /// Rows × width.
    let values: Buffer
    /// How many values went into each row.
    let counts: [Int]

    /// A contribution that is no finite number, or too large, raises the count beyond anything real, and every rank
    /// sees that the sum is lost.
    private static let lost = Int64(1) << 48

    /// - Parameters:
    ///   - cells: cells × width.
    ///   - cellCounts: values that went into each cell.
    ///   - purpose: what the message is for, as a person should read it.
    init(
        of cells: Buffer, width: Int, cellCounts: [Int], plan: GroupPlan, reducer: any StatisticsReducer,
        purpose: String
    ) throws {
        guard plan.joinsWorkers else {
            values = cells
            counts = cellCounts
            return
        }
        let slots = Slots(plan)
        if let reducer = reducer as? any FloatingPointReducer {
            (values, counts) = try Self.floatingPointSums(
                of: cells, width: width, cellCounts: cellCounts, plan: plan, slots: slots, reducer: reducer,
                purpose: purpose)
            return
        }
        let stride = width * FixedPointSum.digitCount + 1
        let digits = Buffer(byteCount: slots.count * stride * MemoryLayout<Int64>.stride)
        digits.integers.update(repeating: 0, count: slots.count * stride)
        for cell in plan.cells.indices {
            let slot = digits.integers + slots.ofRow[plan.rowOfCell[cell]] * stride
            slot[0] += Int64(cellCounts[cell])
            let source = cells.doubles + cell * width
            var isWhole = true
            for index in 0..<width {
                isWhole = FixedPointSum.add(source[index], to: slot + 1 + index * FixedPointSum.digitCount) && isWhole
            }
            // Once a cell: as many cells as a sum may have can't overflow the count.
            if !isWhole { slot[0] += Self.lost }
        }
        if !plan.spanningGroups.isEmpty {
            try reducer.sum(
                UnsafeMutableBufferPointer(start: digits.integers, count: plan.spanningGroups.count * stride),
                for: purpose)
        }
        (values, counts) = Self.decode(digits, width: width, stride: stride, slots: slots)
    }

    /// Where each row's digits lie: those of spanning groups first, the same on every rank, then the others.
    private struct Slots {
        let ofRow: [Int]
        let count: Int

        init(_ plan: GroupPlan) {
            var slotOfRow = Array(repeating: -1, count: plan.rowCount)
            for (slot, group) in plan.spanningGroups.enumerated() {
                if let row = plan.row(ofGroup: group) { slotOfRow[row] = slot }
            }
            var next = plan.spanningGroups.count
            for row in slotOfRow.indices where slotOfRow[row] < 0 {
                slotOfRow[row] = next
                next += 1
            }
            ofRow = slotOfRow
            count = next
        }
    }

    private static func decode(
        _ digits: Buffer, width: Int, stride: Int, slots: Slots
    ) -> (values: Buffer, counts: [Int]) {
        let values = Buffer(byteCount: slots.ofRow.count * width * MemoryLayout<Double>.stride)
        var counts: [Int] = []
        for (row, slot) in slots.ofRow.enumerated() {
            let source = digits.integers + slot * stride
            let isLost = source[0] >= lost
            for index in 0..<width {
                let sum = FixedPointSum.value(of: source + 1 + index * FixedPointSum.digitCount)
                values.doubles[row * width + index] = isLost ? .nan : sum
            }
            counts.append(Int(source[0] % lost))
        }
        return (values, counts)
    }

    /// The same sums in Double, in the order of the workers of each rank and in whatever order MPI adds the ranks.
    private static func floatingPointSums(
        of cells: Buffer, width: Int, cellCounts: [Int], plan: GroupPlan, slots: Slots,
        reducer: any FloatingPointReducer, purpose: String
    ) throws -> (values: Buffer, counts: [Int]) {
        let stride = width + 1
        let sums = Buffer(byteCount: slots.count * stride * MemoryLayout<Double>.stride)
        sums.doubles.update(repeating: 0, count: slots.count * stride)
        for cell in plan.cells.indices {
            let slot = sums.doubles + slots.ofRow[plan.rowOfCell[cell]] * stride
            let source = cells.doubles + cell * width
            slot[width] += Double(cellCounts[cell])
            for index in 0..<width { slot[index] += source[index] }
        }
        if !plan.spanningGroups.isEmpty {
            try reducer.sum(
                UnsafeMutableBufferPointer(start: sums.doubles, count: plan.spanningGroups.count * stride),
                for: purpose)
        }
        let values = Buffer(byteCount: slots.ofRow.count * width * MemoryLayout<Double>.stride)
        for (row, slot) in slots.ofRow.enumerated() {
            (values.doubles + row * width).update(from: sums.doubles + slot * stride, count: width)
        }
        return (values, slots.ofRow.map { Int(sums.doubles[$0 * stride + width]) })
    }
}
