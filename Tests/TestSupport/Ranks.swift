import Foundation
import Normalization

/// Runs `body` once for each rank, each in a thread of its own, with a reducer that adds up over them.
///
/// - Returns: what each rank returned, in the order of the ranks.
public func onRanks<Outcome: Sendable>(
    _ ranks: Int, _ body: @escaping @Sendable (_ rank: Int, _ reducer: any StatisticsReducer) throws -> Outcome
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

/// A rank left before the others were done, or brought another number of values.
public struct MeetingBroken: Error {}

private final class Outcomes<Outcome: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var byRank: [Int: Result<Outcome, any Error>] = [:]

    func set(_ rank: Int, _ outcome: Result<Outcome, any Error>) { lock.withLock { byRank[rank] = outcome } }
    var inOrder: [Result<Outcome, any Error>] { lock.withLock { byRank.keys.sorted().map { byRank[$0]! } } }
}

/// A reducer for threads: each waits until all have brought their values, and takes the sum.
private final class Meeting: StatisticsReducer, @unchecked Sendable {
    private let ranks: Int
    private let condition = NSCondition()
    private var total: [Int64] = []
    private var arrived = 0
    private var notYetTaken = 0
    private var round = 0
    private var gone = 0

    init(ranks: Int) { self.ranks = ranks }

    func sum(_ values: UnsafeMutableBufferPointer<Int64>, for purpose: String) throws {
        condition.lock()
        defer { condition.unlock() }
        while notYetTaken > 0 { condition.wait() }
        if arrived == 0 {
            total = Array(values)
        } else {
            guard total.count == values.count else { throw MeetingBroken() }
            for index in values.indices { total[index] += values[index] }
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
        _ = values.update(from: total)
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
