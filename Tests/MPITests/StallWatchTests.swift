import Foundation
import XCTest

@testable import MPI

final class StallWatchTests: MPITestCase {
    private let limits = StallWatch.Limits(warningSeconds: 0.2, abortSeconds: nil)

    /// A communicator of its own: the watch stays with it.
    private func watched(_ report: @escaping (StallWatch.Event) -> Void) throws -> Communicator {
        let communicator = try world.split(color: 0, key: world.rank)
        try communicator.watchStalls(limits, report: report)
        return communicator
    }

    func testTheLowestRankThatWaitsTellsWhichRankIsMissing() throws {
        try XCTSkipIf(world.size < 2, "one rank waits for nobody")
        for late in Set([0, world.size - 1]).sorted() {
            // Until the others have complained, and no longer.
            let complaint = try world.broadcast(
                "\(NSTemporaryDirectory())complaint-\(UUID().uuidString)", root: 0)
            var events: [StallWatch.Event] = []
            let communicator = try watched { event in
                events.append(event)
                do {
                    try Data().write(to: URL(fileURLWithPath: complaint))
                } catch {
                    XCTFail("\(error)")
                }
            }
            if world.rank == late {
                let limit = Date() + 30
                while !FileManager.default.fileExists(atPath: complaint) && Date() < limit { usleep(1000) }
            }
            XCTAssertEqual(try communicator.allreduce(1, .sum), world.size)
            let others = (0..<world.size).filter { $0 != late }
            guard world.rank == others[0] else {
                XCTAssertEqual(events, [])
                continue
            }
            try FileManager.default.removeItem(atPath: complaint)
            XCTAssertEqual(events.count, 2)
            guard case .began(let stall) = events.first, case .ended = events.last else {
                XCTFail("\(events)")
                continue
            }
            XCTAssertEqual(stall.missing, [late])
            XCTAssertEqual(stall.present, others)
            XCTAssertEqual(stall.purpose, "a reduction")
        }
    }

    func testWatchedCollectivesGiveWhatUnwatchedOnesGive() throws {
        let communicator = try watched { XCTFail("\($0)") }
        // Below and above the size from which they wait in another way.
        for count in [1, 500, 5000] {
            var sums = (0..<count).map { Int64($0 + world.rank) }
            try communicator.allreduce(&sums, .sum)
            let ranks = world.size
            XCTAssertEqual(sums, (0..<count).map { Int64($0 * ranks + ranks * (ranks - 1) / 2) })
        }
        XCTAssertEqual(try communicator.broadcast(world.rank + 5, root: world.size - 1), world.size + 4)
        XCTAssertEqual(try communicator.allgather(world.rank), Array(0..<world.size))
        try communicator.barrier()
    }
}
