import Kernels

/// Sums in floating point, for those who want the last percent of speed: fewer bytes, but the last bits depend on the
/// number of ranks.
public final class FloatingPointSums: Sums {
    private let transport: any Transport

    /// Sums over the ranks of `transport`, in whatever order it adds them.
    public init(_ transport: any Transport = SingleRank()) {
        self.transport = transport
    }

    /// Sums over the cells of each row in Double: in the order of the workers of each rank.
    public func addCells(
        _ cells: UnsafePointer<Double>, as format: FixedPointSum, counts: [Int], width: Int, of grouping: Grouping,
        into rows: UnsafeMutablePointer<Double>, for purpose: String
    ) throws -> [Int] {
        guard grouping.joinsWorkers else {
            rows.update(from: cells, count: grouping.rowCount * width)
            return counts
        }
        let stride = 1 + width
        return try withUnsafeTemporaryAllocation(of: Double.self, capacity: grouping.placeCount * stride) { message in
            message.update(repeating: 0)
            guard let start = message.baseAddress else { return [] }
            for (cell, row) in grouping.rowOfCell.enumerated() {
                let place = start + grouping.placeOfRow[row] * stride
                place[0] += Double(counts[cell])
                for index in 0..<width { place[1 + index] += cells[cell * width + index] }
            }
            if grouping.spanningRows > 0 {
                try transport.sum(
                    UnsafeMutableBufferPointer(rebasing: message[..<(grouping.spanningRows * stride)]), for: purpose)
            }
            return grouping.placeOfRow.enumerated().map { row, place in
                (rows + row * width).update(from: start + place * stride + 1, count: width)
                return Int(start[place * stride])
            }
        }
    }

    /// A sum of gradients in Float, and of losses in Double.
    public func gradientSum(sizes: [Int], for purpose: String) -> any GradientSum {
        FloatingPointGradientSum(sizes: sizes, transport: transport, purpose: purpose)
    }
}

private final class FloatingPointGradientSum: GradientSum {
    private let transport: any Transport
    private let purpose: String
    private let sizes: [Int]
    private let offsets: [Int]
    /// The sums of all parameters.
    private let message: UnsafeMutableBufferPointer<Float>
    /// The loss, ranks that want to stop, and lost shares of each parameter.
    private let counts: UnsafeMutableBufferPointer<Double>

    init(sizes: [Int], transport: any Transport, purpose: String) {
        self.transport = transport
        self.purpose = purpose
        self.sizes = sizes
        let places = Workers.offsets(ofSizes: sizes)
        offsets = places.starts
        message = .allocate(capacity: places.end)
        counts = .allocate(capacity: 2 + sizes.count)
        message.initialize(repeating: 0)
        counts.initialize(repeating: 0)
    }

    deinit {
        message.deallocate()
        counts.deallocate()
    }

    func begin() {
        message.update(repeating: 0)
        counts.update(repeating: 0)
    }

    func add(_ share: UnsafePointer<Float>, toParameter index: Int) {
        guard let sum = message.baseAddress.map({ $0 + offsets[index] }) else { return }
        for place in 0..<sizes[index] { sum[place] += share[place] }
    }

    func add(loss: Double) { counts[0] += loss }

    func requestStop() { counts[1] = 1 }

    func markLost(_ index: Int) { counts[2 + index] += 1 }

    func reduce(into gradient: (Int) -> UnsafeMutablePointer<Float>) throws -> StepSums {
        try transport.sum(message, for: purpose)
        try transport.sum(counts, for: purpose)
        guard let sums = message.baseAddress else { preconditionFailure("a message without content") }
        for index in sizes.indices {
            let values = UnsafeBufferPointer(start: sums + offsets[index], count: sizes[index])
            _ = UnsafeMutableBufferPointer(start: gradient(index), count: sizes[index]).update(from: values)
            if !values.allSatisfy(\.isFinite) { markLost(index) }
        }
        return StepSums(
            loss: counts[0], lostParameter: sizes.indices.first { counts[2 + $0] > 0 }, wantsStop: counts[1] > 0)
    }

    /// Nothing: no step depends on the one before.
    var memory: [Int64] {
        get { [] }
        set {}
    }
}
