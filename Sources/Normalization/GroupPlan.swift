import Autograd

/// How one rank's images divide into cells, and cells into the rows of statistics that they share.
///
/// A cell is a run of images of one worker. With statistics inside a worker every cell is a row of its own; otherwise
/// the cells of all workers of a group share a row, and a group whose workers live on several ranks is summed over them.
struct GroupPlan {
    /// The images of each cell, in order; none is empty.
    let cells: [Range<Int>]
    let rowOfCell: [Int]
    /// The worker of each cell, among the hosted ones.
    let hostedWorkerOfCell: [Int]
    let rowCount: Int
    /// Whether rows join the cells of several workers.
    let joinsWorkers: Bool
    /// Groups of the whole run that live on several ranks, ascending; the same list on every rank.
    let spanningGroups: [Int]
    /// The row of a group hosted here, at least in part.
    let firstGroup: Int

    init(layout: BatchLayout, statistics: StatisticsGroup, hosting: Hosting) {
        var cells: [Range<Int>] = []
        var workers: [Int] = []
        for (worker, images) in layout.imageRanges.enumerated() where !images.isEmpty {
            let size = if case .ghost(let size) = statistics { size } else { images.count }
            for start in stride(from: images.lowerBound, to: images.upperBound, by: size) {
                cells.append(start..<min(start + size, images.upperBound))
                workers.append(worker)
            }
        }
        self.cells = cells
        hostedWorkerOfCell = workers
        joinsWorkers = statistics.joinsWorkers
        guard joinsWorkers else {
            rowOfCell = Array(cells.indices)
            rowCount = cells.count
            spanningGroups = []
            firstGroup = 0
            return
        }
        let workersPerGroup = statistics.workersPerSet(of: hosting.workers)
        let hosted = hosting.hosted
        let first = hosted.lowerBound / workersPerGroup
        firstGroup = first
        rowCount = (hosted.upperBound - 1) / workersPerGroup - first + 1
        rowOfCell = workers.map { (hosted.lowerBound + $0) / workersPerGroup - first }
        spanningGroups = (0..<hosting.workers / workersPerGroup).filter {
            hosting.spansRanks($0 * workersPerGroup..<($0 + 1) * workersPerGroup)
        }
    }

    /// The row of a group of the whole run; nil when none of its workers is hosted here.
    func row(ofGroup group: Int) -> Int? {
        (firstGroup..<firstGroup + rowCount).contains(group) ? group - firstGroup : nil
    }
}
