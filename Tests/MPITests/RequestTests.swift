import Foundation
import MPI
import XCTest

final class RequestTests: MPITestCase {
    private let buffers = (0..<3).map { _ in UnsafeMutableBufferPointer<Int64>.allocate(capacity: 1000) }

    override func setUpWithError() throws {
        try super.setUpWithError()
        for (index, buffer) in buffers.enumerated() {
            buffer.initialize(repeating: Int64((index + 1) * (world.rank + 1)))
        }
    }

    override func tearDown() {
        buffers.forEach { $0.deallocate() }
    }

    func testReductionsUnderWayMayBeWaitedForInAnyOrder() throws {
        let first = try world.iallreduce(buffers[0], .sum)
        let second = try world.iallreduce(buffers[1], .max)
        let third = try world.iallreduce(buffers[2], .min)
        try third.wait()
        XCTAssertTrue(buffers[2].allSatisfy { $0 == 3 })
        try first.wait()
        XCTAssertTrue(buffers[0].allSatisfy { $0 == triangularNumber })
        try second.wait()
        XCTAssertTrue(buffers[1].allSatisfy { $0 == Int64(2 * world.size) })
    }

    func testTestingAgainAndAgainCompletesAReduction() throws {
        var request = try world.iallreduce(buffers[0], .sum)
        while try !request.test() { sched_yield() }
        XCTAssertTrue(buffers[0].allSatisfy { $0 == triangularNumber })
        XCTAssertTrue(try request.test(), "a complete request stays complete")
        try request.wait()
    }

    func testReductionIsNotCompleteWhileARankIsMissing() throws {
        guard world.size > 1 else { throw XCTSkip("needs a rank to be missing") }
        // Collectives of one communicator are started in the same order on every rank.
        let other = try world.split(color: 0, key: world.rank)
        if world.rank > 0 {
            var request = try world.iallreduce(buffers[0], .sum)
            XCTAssertFalse(try request.test())
            try other.barrier()
            try request.wait()
        } else {
            try other.barrier()
            try world.iallreduce(buffers[0], .sum).wait()
        }
        XCTAssertTrue(buffers[0].allSatisfy { $0 == triangularNumber })
    }

    func testDroppedRequestIsCompletedAndComplainedOf() throws {
        let complaint = try standardError { _ = try world.iallreduce(buffers[0], .sum) }
        XCTAssertTrue(buffers[0].allSatisfy { $0 == triangularNumber })
        #if DEBUG
            XCTAssertEqual(complaint, "MPI: a request was dropped before it was waited for\n")
        #else
            XCTAssertEqual(complaint, "")
        #endif
    }

    private var triangularNumber: Int64 { Int64(world.size * (world.size + 1) / 2) }

    /// What `body` writes to the standard error.
    private func standardError(_ body: () throws -> Void) throws -> String {
        let pipe = Pipe()
        let saved = dup(STDERR_FILENO)
        dup2(pipe.fileHandleForWriting.fileDescriptor, STDERR_FILENO)
        defer { close(saved) }
        let outcome = Result { try body() }
        dup2(saved, STDERR_FILENO)
        try pipe.fileHandleForWriting.close()
        try outcome.get()
        return String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
}
