import Kernels

/// Whole numbers and real ones, summed over any number of contributions and over all ranks: the result does not depend on
/// how contributions are spread over ranks.
public struct ExactTotals: Sendable {
    private let format: FixedPointSum
    private let countCount: Int
    /// The counts, contributions that could not be summed, and the digits of each real number.
    private var message: [Int64]

    /// - Parameters:
    ///   - counts: how many whole numbers there are.
    ///   - values: how many real ones.
    ///   - format: how these become integers.
    public init(counts: Int, values: Int, as format: FixedPointSum = .gradients) {
        self.format = format
        countCount = counts
        message = Array(repeating: 0, count: counts + 1 + values * format.digitCount)
    }

    /// Adds to a whole number.
    public mutating func add(_ count: Int, toCount index: Int) { message[index] += Int64(count) }

    /// Adds to a real number.
    public mutating func add(_ value: Double, toValue index: Int) {
        let start = digits(index)
        let isWhole = message.withUnsafeMutableBufferPointer { message in
            guard let sum = message.baseAddress.map({ $0 + start }) else { return false }
            defer { format.carry(sum) }
            return format.add(value, to: sum)
        }
        if !isWhole { message[countCount] += 1 }
    }

    /// Sums over all ranks; each calls it at the same point.
    public mutating func reduce(over transport: any Transport, for purpose: String) throws {
        try message.withUnsafeMutableBufferPointer { try transport.sum($0, for: purpose) }
    }

    /// A whole number.
    public func count(_ index: Int) -> Int { Int(message[index]) }

    /// A real number; not a number when any contribution was not finite or too large.
    public func value(_ index: Int) -> Double {
        guard message[countCount] == 0 else { return .nan }
        return message[digits(index)...].withUnsafeBufferPointer { digits in
            digits.baseAddress.map { format.value(of: $0) } ?? 0
        }
    }

    private func digits(_ index: Int) -> Int { countCount + 1 + index * format.digitCount }
}
