import COpenMPI
import Synchronization
import XCTest

@testable import MPI

final class CommunicatorTests: MPITestCase {
    func testRanksCountFromZeroToSize() throws {
        XCTAssertEqual(try world.allgather(world.rank), Array(0..<world.size))
    }

    func testSplitPutsRanksOfAColourTogether() throws {
        let part = try world.split(color: world.rank % 2, key: world.rank)
        let members = Array(stride(from: world.rank % 2, to: world.size, by: 2))
        XCTAssertEqual(try part.allgather(world.rank), members)
        XCTAssertEqual(part.size, members.count)
        XCTAssertEqual(part.rank, world.rank / 2)
    }

    func testSplitNumbersRanksByTheirKey() throws {
        let reversed = try world.split(color: 0, key: -world.rank)
        XCTAssertEqual(reversed.rank, world.size - 1 - world.rank)
        XCTAssertEqual(try reversed.allgather(world.rank), (0..<world.size).reversed())
    }

    func testSplitCommunicatorThrowsWhereMPIWouldAbort() throws {
        let part = try world.split(color: world.rank % 2, key: 0)
        XCTAssertThrowsError(try part.broadcast(1, root: part.size))
    }

    func testSplitCommunicatorIsFreedWhenItsOwnerLetsGo() throws {
        var key: Int32 = 0
        XCTAssertEqual(
            MPI_Comm_create_keyval(
                { _, _, _, _, _, isCopied in
                    isCopied?.pointee = 0
                    return MPI_SUCCESS
                },
                { _, _, _, _ in
                    freedCommunicators.withLock { $0 += 1 }
                    return MPI_SUCCESS
                }, &key, nil), MPI_SUCCESS)
        let freedBefore = freedCommunicators.withLock { $0 }
        do {
            let part = try world.split(color: 0, key: world.rank)
            XCTAssertEqual(MPI_Comm_set_attr(part.handle, key, nil), MPI_SUCCESS)
            XCTAssertEqual(try part.allreduce(1, .sum), world.size)
            XCTAssertEqual(freedCommunicators.withLock { $0 }, freedBefore)
        }
        XCTAssertEqual(freedCommunicators.withLock { $0 }, freedBefore + 1)
        MPI_Comm_free_keyval(&key)
    }

    func testBarrierHoldsEveryRankUntilTheLastHasCome() throws {
        if world.rank == world.size - 1 { usleep(20_000) }
        let arrival = monotonicNanoseconds()
        try world.barrier()
        let departure = monotonicNanoseconds()
        XCTAssertGreaterThanOrEqual(try world.allreduce(departure, .min), try world.allreduce(arrival, .max))
    }

    /// A clock that all processes of a host share.
    private func monotonicNanoseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}

/// Counted by a callback of MPI, which captures nothing.
private let freedCommunicators = Mutex(0)
