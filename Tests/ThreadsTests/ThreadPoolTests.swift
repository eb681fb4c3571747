import Foundation
import Synchronization
import XCTest

@testable import Threads

final class ThreadPoolTests: XCTestCase {
    private static let pool = ThreadPool(helpers: 3)
    private var pool: ThreadPool!

    override func setUpWithError() throws {
        pool = try XCTUnwrap(Self.pool)
    }

    private struct Odd: Error, Equatable { let number: Int }

    func testEveryNumberIsTakenOnceHoweverManyThereAre() throws {
        for count in [0, 1, 2, 3, 5, 1000] {
            let taken = (0..<count).map { _ in Counter() }
            try pool.forEach(count) { taken[$0].add() }
            XCTAssertEqual(taken.map(\.value), Array(repeating: 1, count: count))
        }
    }

    func testSeveralThreadsTakePart() throws {
        // Each of the first two waits for the other.
        let arrived = Counter()
        try pool.forEach(2) { _ in
            arrived.add()
            let limit = Date() + 30
            while arrived.value < 2 && Date() < limit { sched_yield() }
        }
        XCTAssertEqual(arrived.value, 2)
    }

    func testOfSeveralErrorsThatOfTheLowestNumberIsThrownAndTheOthersAreStillRun() {
        let calls = Counter()
        XCTAssertThrowsError(
            try pool.forEach(100) { index in
                calls.add()
                if index % 2 == 1 { throw Odd(number: index) }
            }
        ) { XCTAssertEqual($0 as? Odd, Odd(number: 1)) }
        XCTAssertEqual(calls.value, 100)
        XCTAssertNoThrow(try pool.forEach(3) { _ in })
    }

    func testALoopWithinALoopRuns() throws {
        let calls = Counter()
        try pool.forEach(4) { _ in try pool.forEach(5) { _ in calls.add() } }
        XCTAssertEqual(calls.value, 20)
    }

    func testManyLoopsOneAfterAnotherMissNothing() throws {
        let sums = (0..<8).map { _ in Counter() }
        for round in 0..<5000 {
            try pool.forEach(8) { sums[$0].add(round) }
            // Now and then so late that the threads have gone to sleep.
            if round % 1000 == 0 { usleep(20_000) }
        }
        XCTAssertEqual(sums.map(\.value), Array(repeating: 5000 * 4999 / 2, count: 8))
    }

    func testLoopsOfSeveralThreadsAtOnceDoNotMix() {
        let sums = (0..<4).map { _ in Counter() }
        let shared: ThreadPool = pool
        DispatchQueue.concurrentPerform(iterations: 4) { caller in
            for _ in 0..<500 { try? shared.forEach(3) { sums[caller].add($0 + 1) } }
        }
        XCTAssertEqual(sums.map(\.value), [3000, 3000, 3000, 3000])
    }

    func testThreadsHaveNumbersOfTheirOwn() throws {
        XCTAssertEqual(ThreadPool.numberOfCallingThread, 0)
        let seen = (0..<4).map { _ in Counter() }
        for _ in 0..<200 {
            try pool.forEach(8) { _ in
                seen[ThreadPool.numberOfCallingThread].add()
                sched_yield()
            }
        }
        XCTAssertEqual(seen.map(\.value).reduce(0, +), 1600)
    }
}

private final class Counter: Sendable {
    private let count = Atomic<Int>(0)
    var value: Int { count.load(ordering: .sequentiallyConsistent) }
    func add(_ number: Int = 1) { count.wrappingAdd(number, ordering: .sequentiallyConsistent) }
}
