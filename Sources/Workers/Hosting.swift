import Kernels

/// Which rank hosts which workers: each rank a contiguous block, earlier ranks one worker more where they don't divide.
public struct Hosting: Equatable, Sendable {
    /// As many workers as an exact sum can add up.
    public static let mostWorkers = FixedPointSum.maximumContributions

    /// Logical devices of the run.
    public let workers: Int
    /// Processes of the run.
    public let ranks: Int
    /// The process that asks.
    public let rank: Int

    /// - Parameters:
    ///   - workers: at least `ranks`.
    ///   - ranks: processes of the run.
    ///   - rank: from 0 to `ranks` − 1.
    public init(workers: Int, ranks: Int, rank: Int) {
        precondition(ranks >= 1 && workers >= ranks, "\(workers) workers can't be hosted by \(ranks) ranks")
        precondition((0..<ranks).contains(rank), "there is no rank \(rank) among \(ranks)")
        self.workers = workers
        self.ranks = ranks
        self.rank = rank
    }

    /// One process that hosts all workers.
    public init(workers: Int) {
        self.init(workers: workers, ranks: 1, rank: 0)
    }

    /// The workers hosted by `rank`.
    public func block(ofRank rank: Int) -> Range<Int> {
        let (size, larger) = workers.quotientAndRemainder(dividingBy: ranks)
        let start = rank * size + min(rank, larger)
        return start..<start + size + (rank < larger ? 1 : 0)
    }

    /// The workers hosted here.
    public var hosted: Range<Int> { block(ofRank: rank) }

    /// The batch of each worker hosted here when images are dealt to all workers in their order, a batch to each.
    ///
    /// - Parameters:
    ///   - images: to deal; workers for whom there are none left have an empty batch.
    ///   - size: of a batch.
    public func batches(of images: Range<Int>, size: Int) -> [Range<Int>] {
        hosted.map { worker in
            let start = min(images.lowerBound + worker * size, images.upperBound)
            return start..<min(start + size, images.upperBound)
        }
    }

    /// Whether workers of this range are hosted by more than one rank.
    public func spansRanks(_ range: Range<Int>) -> Bool {
        !(0..<ranks).contains { rank in
            let block = block(ofRank: rank)
            return block.lowerBound <= range.lowerBound && range.upperBound <= block.upperBound
        }
    }
}
