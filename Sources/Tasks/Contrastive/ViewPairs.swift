import Kernels
import Workers

/// Which view of which image each row of a step is, worker after worker: a worker's first views, then as many second ones.
struct ViewPairs: Equatable {
    /// The place of an image among those of all workers, of each row.
    let images: [Int]
    /// The number of the view, 0 or 1, of each row.
    let views: [Int]
    /// The row of the other view of the same image, of each row.
    let partners: [Int]
    /// The worker that takes it through the network, of each row.
    let workers: [Int]

    /// - Parameters:
    ///   - counts: images of each worker of the run.
    ///   - secondViews: the image whose second view stands in each place for one, in the order of the workers; nil: that of
    ///     the first view.
    init(counts: [Int], secondViews: [Int]? = nil) {
        var (images, views, workers): ([Int], [Int], [Int]) = ([], [], [])
        var start = 0
        for (worker, count) in counts.enumerated() {
            let places = start..<start + count
            images += Array(places) + (secondViews.map { Array($0[places]) } ?? Array(places))
            views += Array(repeating: 0, count: count) + Array(repeating: 1, count: count)
            workers += Array(repeating: worker, count: 2 * count)
            start += count
        }
        var rows = [[Int]](repeating: [0, 0], count: start)
        for row in images.indices { rows[images[row]][views[row]] = row }
        partners = images.indices.map { rows[images[$0]][1 - views[$0]] }
        (self.images, self.views, self.workers) = (images, views, workers)
    }

    /// Of all workers.
    var count: Int { images.count }

    /// The rows of some workers.
    func rows(ofWorkers hosted: Range<Int>) -> Range<Int> {
        let first = workers.firstIndex { $0 >= hosted.lowerBound } ?? count
        return first..<(workers.firstIndex { $0 >= hosted.upperBound } ?? count)
    }

    /// The rows that each rank has.
    func counts(ofRanks hosting: Hosting) -> [Int] {
        (0..<hosting.ranks).map { rows(ofWorkers: hosting.block(ofRank: $0)).count }
    }
}

extension SeededGenerator {
    /// 0..<count in a random order.
    mutating func permutation(of count: Int) -> [Int] {
        var order = Array(0..<count)
        shuffle(&order)
        return order
    }
}
