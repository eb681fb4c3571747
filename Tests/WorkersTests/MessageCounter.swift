import Kernels
import Workers

/// A transport of a rank whose fellows have nothing to add; it notes what is sent.
final class MessageCounter: Transport {
    /// How many values each message had.
    private(set) var sizes: [Int] = []
    /// What each message was for.
    private(set) var purposes: [String] = []

    func sum(_ values: UnsafeMutableBufferPointer<Int64>, for purpose: String) { note(values.count, purpose) }
    func sum(_ values: UnsafeMutableBufferPointer<Double>, for purpose: String) { note(values.count, purpose) }
    func sum(_ values: UnsafeMutableBufferPointer<Float>, for purpose: String) { note(values.count, purpose) }

    private func note(_ count: Int, _ purpose: String) {
        sizes.append(count)
        purposes.append(purpose)
    }
}

/// What two ways to sum over cells are asked for in the tests: two numbers a cell, which are functions of its worker.
enum CellCase {
    static let width = 2

    /// Images of each worker: uneven, and some have none.
    static func images(of worker: Int) -> Int { worker % 3 == 1 ? 0 : worker + 1 }

    static func grouping(_ statistics: StatisticsGroup, _ hosting: Hosting) -> Grouping {
        Grouping(
            layout: BatchLayout(
                imageCounts: hosting.hosted.map(images(of:)), firstWorker: hosting.hosted.lowerBound),
            statistics: statistics, hosting: hosting)
    }

    /// The rows of this rank, and their counts, given the two numbers of each worker.
    static func add(
        _ sums: any Sums, as format: FixedPointSum, _ statistics: StatisticsGroup, _ hosting: Hosting,
        values: (_ worker: Int) -> [Double]
    ) throws -> (rows: [Double], counts: [Int]) {
        let grouping = grouping(statistics, hosting)
        let occupied = hosting.hosted.filter { images(of: $0) > 0 }
        var rows = [Double](repeating: 77, count: grouping.rowCount * width)
        let counts = try sums.addCells(
            occupied.flatMap(values), as: format, counts: occupied.map { 10 * images(of: $0) }, width: width,
            of: grouping, into: &rows, for: "a layer")
        return (rows, counts)
    }
}
