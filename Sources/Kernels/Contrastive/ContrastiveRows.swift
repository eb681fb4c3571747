/// The normalised temperature-scaled cross-entropy loss over pairs of rows (NT-Xent: Chen et al. 2020, equation 1).
///
/// Each row i has a partner p(i), whose partner it is. With s(i,j) = z(i)·z(j)/τ, the loss of the anchor i is
/// ℓ(i) = −s(i,p(i)) + ln Σ exp s(i,k) over all k ≠ i. Rows are taken one by one, in Double and in one order of addition,
/// so that nothing depends on who takes which.
public struct ContrastiveRows {
    /// z: count × columns, of length 1 each, read.
    public let rows: UnsafePointer<Float>
    /// Rows.
    public let count: Int
    /// Values of a row.
    public let columns: Int
    /// p, of each row.
    public let partners: [Int]
    /// τ.
    public let temperature: Double

    /// What the loss makes of one row as its anchor.
    public struct Anchor: Equatable, Sendable {
        /// ln Σ exp s(i,k) over all k ≠ i.
        public let logSum: Double
        /// ℓ(i); not a number where a row is not.
        public let loss: Double
        /// Whether the partner is nearer than every other row: chance level is one in count − 1.
        public let isNearest: Bool
    }

    /// Rows in memory of the caller's.
    ///
    /// - Parameters:
    ///   - rows: count × columns, kept while this is in use.
    ///   - partners: of each row; two or more rows, each with another as partner.
    public init(_ rows: UnsafePointer<Float>, columns: Int, partners: [Int], temperature: Double) {
        self.rows = rows
        count = partners.count
        self.columns = columns
        self.partners = partners
        self.temperature = temperature
    }

    /// ℓ(index), and what belongs to it.
    public func anchor(_ index: Int) -> Anchor {
        let partner = partners[index]
        assert(partner != index && partners[partner] == index, "row \(index) is no partner of its partner \(partner)")
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { similarities in
            for other in 0..<count { similarities[other] = similarity(index, other) }
            let own = similarities[partner]
            var (largest, isNearest) = (own, true)
            for other in 0..<count where other != index && other != partner {
                largest = max(largest, similarities[other])
                // Also of what is not a number nothing can be said.
                if !(similarities[other] < own) { isNearest = false }
            }
            var total = 0.0
            for other in 0..<count where other != index {
                total += exponential(ofNonPositive: similarities[other] - largest)
            }
            guard total.isNormal else { return Anchor(logSum: .nan, loss: .nan, isNearest: false) }
            let logTotal = naturalLogarithm(total)
            return Anchor(logSum: largest + logTotal, loss: (largest - own) + logTotal, isNearest: isNearest)
        }
    }

    /// factor · ∂Σℓ/∂z(index), over the losses of all anchors.
    ///
    /// With P(i,j) = exp(s(i,j) − ln Σ exp s(i,k)) it is factor/τ · Σ z(j)·(P(i,j) + P(j,i) − 2·[j = p(i)]) over all j ≠ i.
    ///
    /// - Parameters:
    ///   - logSums: of all anchors.
    ///   - factor: what the gradient is multiplied by.
    ///   - gradient: columns, overwritten.
    public func gradient(_ index: Int, logSums: [Double], factor: Double, into gradient: UnsafeMutablePointer<Float>) {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: columns) { sums in
            sums.update(repeating: 0)
            for other in 0..<count where other != index {
                let similarity = similarity(index, other)
                var weight = exponential(ofNonPositive: similarity - logSums[index])
                weight += exponential(ofNonPositive: similarity - logSums[other])
                if other == partners[index] { weight -= 2 }
                let row = rows + other * columns
                for column in 0..<columns { sums[column] += weight * Double(row[column]) }
            }
            for column in 0..<columns { gradient[column] = Float(factor / temperature * sums[column]) }
        }
    }

    @inline(__always)
    private func similarity(_ first: Int, _ second: Int) -> Double {
        dotProduct(rows + first * columns, rows + second * columns, columns: columns) / temperature
    }
}
