/// How one rank's images divide into cells, and cells into the rows of statistics that they share.
///
/// A cell is a run of images of one worker. With statistics inside a worker every cell is a row of its own; otherwise
/// the cells of all workers of a group share a row, and a group whose workers live on several ranks is summed over them.
public struct Grouping: Sendable {
    /// The images of each cell, in order; none is empty.
    public let cells: [Range<Int>]
    /// The row of each cell.
    public let rowOfCell: [Int]
    /// The set of running statistics, among those kept here, that each row belongs to.
    public let setOfRow: [Int]
    /// Whether rows join the cells of several workers.
    public let joinsWorkers: Bool
    /// How many rows of the run live on several ranks.
    let spanningRows: Int
    /// Where each row stands in a message: the rows that span ranks first, the same on every rank, then the others.
    let placeOfRow: [Int]
    /// Rows that have a place: those kept here, and those that span ranks, kept here or not.
    let placeCount: Int

    /// The cells of one batch under a statistics group.
    public init(layout: BatchLayout, statistics: StatisticsGroup, hosting: Hosting) {
        var cells: [Range<Int>] = []
        var workers: [Int] = []
        for (worker, images) in layout.imageRanges.enumerated() where !images.isEmpty {
            let size = if case .ghost(let size) = statistics { size } else { images.count }
            for start in stride(from: images.lowerBound, to: images.upperBound, by: size) {
                cells.append(start..<min(start + size, images.upperBound))
                workers.append(worker)
            }
        }
        guard statistics.joinsWorkers else {
            self.init(apart: cells, sets: workers)
            return
        }
        let workersPerRow = statistics.workersPerSet(of: hosting.workers)
        let hosted = hosting.hosted
        let first = hosted.lowerBound / workersPerRow
        let rowCount = (hosted.upperBound - 1) / workersPerRow - first + 1
        let spanning = (0..<hosting.workers / workersPerRow).filter {
            hosting.spansRanks($0 * workersPerRow..<($0 + 1) * workersPerRow)
        }
        var places = Array(repeating: -1, count: rowCount)
        for (place, group) in spanning.enumerated() where (first..<first + rowCount).contains(group) {
            places[group - first] = place
        }
        var next = spanning.count
        for row in places.indices where places[row] < 0 {
            places[row] = next
            next += 1
        }
        self.init(
            cells: cells, rowOfCell: workers.map { (hosted.lowerBound + $0) / workersPerRow - first },
            setOfRow: Array(0..<rowCount), joinsWorkers: true, spanningRows: spanning.count, placeOfRow: places,
            placeCount: next)
    }

    /// Every cell is a row of its own.
    ///
    /// - Parameters:
    ///   - cells: in order; none is empty.
    ///   - sets: the set of running statistics of each; 0 when left out.
    public init(apart cells: [Range<Int>], sets: [Int]? = nil) {
        let rows = Array(cells.indices)
        self.init(
            cells: cells, rowOfCell: rows, setOfRow: sets ?? cells.map { _ in 0 }, joinsWorkers: false,
            spanningRows: 0, placeOfRow: rows, placeCount: rows.count)
    }

    /// All cells share one row of constant statistics.
    public init(together cells: [Range<Int>]) {
        self.init(
            cells: cells, rowOfCell: cells.map { _ in 0 }, setOfRow: [0], joinsWorkers: false, spanningRows: 0,
            placeOfRow: [0], placeCount: 1)
    }

    private init(
        cells: [Range<Int>], rowOfCell: [Int], setOfRow: [Int], joinsWorkers: Bool, spanningRows: Int,
        placeOfRow: [Int], placeCount: Int
    ) {
        self.cells = cells
        self.rowOfCell = rowOfCell
        self.setOfRow = setOfRow
        self.joinsWorkers = joinsWorkers
        self.spanningRows = spanningRows
        self.placeOfRow = placeOfRow
        self.placeCount = placeCount
    }

    /// Rows of statistics.
    public var rowCount: Int { setOfRow.count }
}
