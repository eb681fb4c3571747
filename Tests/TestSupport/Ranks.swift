import Foundation
import Workers

/// Runs `body` once for each rank, each in a thread of its own, with a transport that adds up over them.
///
/// - Returns: what each rank returned, in the order of the ranks.
public func onRanks<Outcome: Sendable>(
    _ ranks: Int, _ body: @escaping @Sendable (_ rank: Int, _ transport: any Transport) throws -> Outcome
) throws -> [Outcome] {
    let meeting = Meeting(ranks: ranks)
    let outcomes = Outcomes<Outcome>()
    let group = DispatchGroup()
    for rank in 0..<ranks {
        group.enter()
        Thread.detachNewThread {
            outcomes.set(rank, Result { try body(rank, meeting) })
            meeting.leave()
            group.leave()
        }
    }
    group.wait()
    return try outcomes.inOrder.map { try $0.get() }
}

/// A rank left before the others were done, or brought another number or kind of values.
public struct MeetingBroken: Error {}

private final class Outcomes<Outcome: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var byRank: [Int: Result<Outcome, any Error>] = [:]

    func set(_ rank: Int, _ outcome: Result<Outcome, any Error>) { lock.withLock { byRank[rank] = outcome } }
    var inOrder: [Result<Outcome, any Error>] { lock.withLock { byRank.keys.sorted().map { byRank[$0]! } } }
}

/// A transport for threads: each waits until all have brought their values, and takes the sum.
private final class Meeting: Transport, @unchecked Sendable {
    private let ranks: Int
    private let condition = NSCondition()
    /// An array of what the ranks brought.
    private var total: Any = []
    private var arrived = 0
    private var notYetTaken = 0
    private var round = 0
    private var gone = 0

    init(ranks: Int) { self.ranks = ranks }

    func sum(_ values: UnsafeMutableBufferPointer<Int64>, for purpose: String) throws { try meet(values) }
    func sum(_ values: UnsafeMutableBufferPointer<Double>, for purpose: String) throws { try meet(values) }
    func sum(_ values: UnsafeMutableBufferPointer<Float>, for purpose: String) throws { try meet(values) }

    private func meet<Element: Numeric>(_ values: UnsafeMutableBufferPointer<Element>) throws {
        condition.lock()
        defer { condition.unlock() }
        while notYetTaken > 0 { condition.wait() }
        if arrived == 0 {
            total = Array(values)
        } else {
            guard var sums = total as? [Element], sums.count == values.count else { throw MeetingBroken() }
            // Nobody else holds the array any more, so that it is changed in place.
            total = []
            sums.withUnsafeMutableBufferPointer { sums in
                for index in values.indices { sums[index] += values[index] }
            }
            total = sums
        }
        arrived += 1
        let thisRound = round
        if arrived == ranks {
            (arrived, notYetTaken) = (0, ranks)
            round += 1
            condition.broadcast()
        }
        while round == thisRound {
            guard gone == 0 else { throw MeetingBroken() }
            condition.wait()
        }
        guard let sums = total as? [Element] else { throw MeetingBroken() }
        _ = values.update(from: sums)
        notYetTaken -= 1
        if notYetTaken == 0 { condition.broadcast() }
    }

    func leave() {
        condition.withLock {
            gone += 1
            condition.broadcast()
        }
    }
}
