/// Tells the worker that an embedding comes from by the embeddings of the same step: the worker whose mean is the nearest,
/// by the cosine. Embeddings of the same image are left out of the means, so that it is not known by what it shows.
///
/// Each worker normalises its batch by statistics of its own, if at all, which are others in every step: only within a
/// step can a worker be recognised.
struct WorkerProbe {
    private let rows: [[Double]]
    private let pairs: ViewPairs
    /// Σ of the rows of each worker, and how many they are.
    private let sums: [[Double]]
    private let counts: [Int]

    /// - Parameters:
    ///   - values: rows × columns, of length 1, of all workers in their order.
    ///   - pairs: which view of which image each row is.
    init(_ values: [Float], columns: Int, _ pairs: ViewPairs) {
        let rows = (0..<pairs.count).map { row in values[row * columns..<(row + 1) * columns].map(Double.init) }
        var sums: [[Double]] = []
        var counts: [Int] = []
        for (row, worker) in pairs.workers.enumerated() {
            while sums.count <= worker {
                sums.append(Array(repeating: 0, count: columns))
                counts.append(0)
            }
            for column in 0..<columns { sums[worker][column] += rows[row][column] }
            counts[worker] += 1
        }
        (self.rows, self.pairs, self.sums, self.counts) = (rows, pairs, sums, counts)
    }

    /// Whether the worker of a row is told; nil where it has no embedding of another image in this step.
    func isRight(_ row: Int) -> Bool? {
        let (own, partner) = (pairs.workers[row], pairs.partners[row])
        func similarity(_ worker: Int) -> Double? {
            let leftOut = [row, partner].filter { pairs.workers[$0] == worker }
            guard counts[worker] > leftOut.count else { return nil }
            var (along, square) = (0.0, 0.0)
            for column in sums[worker].indices {
                let sum = leftOut.reduce(sums[worker][column]) { $0 - rows[$1][column] }
                along += sum * rows[row][column]
                square += sum * sum
            }
            return along / square.squareRoot()
        }
        guard let ofOwn = similarity(own) else { return nil }
        return sums.indices.allSatisfy { worker in
            guard worker != own, let other = similarity(worker) else { return true }
            return other < ofOwn
        }
    }
}
