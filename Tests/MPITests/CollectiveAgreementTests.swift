import XCTest

@testable import MPI

/// Ranks that drift apart, as debug builds notice; here whatever the build.
///
///     mpirun -np 3 .build/debug/normtrainPackageTests.xctest MPITests.CollectiveAgreementTests
final class CollectiveAgreementTests: MPITestCase {
    private var watched: Communicator!

    override func setUpWithError() throws {
        try super.setUpWithError()
        watched = try world.split(color: 0, key: world.rank)
        watched.comparesCollectives = true
    }

    override func tearDownWithError() throws {
        watched = nil
        try super.tearDownWithError()
    }

    private var isLast: Bool { world.rank == world.size - 1 }

    /// All ranks fail, and none waits; the next collective finds them together again.
    private func assertDrift(
        _ collective: String, onFirstRank first: String, line: UInt = #line, _ body: () throws -> Void
    ) throws {
        try XCTSkipIf(world.size == 1, "one rank can't drift apart from itself")
        XCTAssertThrowsError(try body(), line: line) { error in
            XCTAssertEqual(
                error as? MPIError, .drifted(rank: world.size - 1, collective: collective, onFirstRank: first),
                line: line)
        }
        XCTAssertEqual(try watched.allreduce(1, .sum), world.size, line: line)
    }

    func testAnotherPurposeIsNoticedWhereCountsAreEqual() throws {
        var values = [1.0, 2]
        try assertDrift(
            "MPI_Iallreduce of 2 double (sum) for the moments of normalization2",
            onFirstRank: "MPI_Iallreduce of 2 double (sum) for the moments of normalization1"
        ) {
            try watched.allreduce(&values, .sum, for: "the moments of normalization\(isLast ? 2 : 1)")
        }
        XCTAssertEqual(values, [1, 2])
    }

    func testAnotherCountIsNoticed() throws {
        var values = [Int64](repeating: 1, count: isLast ? 4 : 3)
        try assertDrift(
            "MPI_Iallreduce of 4 int64 (sum) for a reduction",
            onFirstRank: "MPI_Iallreduce of 3 int64 (sum) for a reduction"
        ) {
            try watched.allreduce(&values, .sum)
        }
    }

    func testAnotherReductionTypeOrRootIsNoticed() throws {
        try assertDrift(
            "MPI_Iallreduce of 1 double (max) for a reduction",
            onFirstRank: "MPI_Iallreduce of 1 double (min) for a reduction"
        ) {
            _ = try watched.allreduce(1.5, isLast ? .max : .min)
        }
        try assertDrift(
            "MPI_Ibcast of 1 uint64 (from rank 0) for a broadcast",
            onFirstRank: "MPI_Ibcast of 1 int64 (from rank 0) for a broadcast"
        ) {
            if isLast { _ = try watched.broadcast(UInt64(1), root: 0) } else { _ = try watched.broadcast(1, root: 0) }
        }
        try assertDrift(
            "MPI_Igather of 1 int64 (at rank 0) for a gathering of values",
            onFirstRank: "MPI_Igather of 1 int64 (at rank 1) for a gathering of values"
        ) {
            let value = [1]
            var gathered = [Int](repeating: 0, count: world.size)
            try value.withUnsafeBufferPointer { value in
                try gathered.withUnsafeMutableBufferPointer {
                    try watched.gather(value, into: $0, root: isLast ? 0 : 1)
                }
            }
        }
    }

    func testAnotherCollectiveIsNoticed() throws {
        try assertDrift("MPI_Ibarrier for the end", onFirstRank: "MPI_Iallreduce of 1 int64 (sum) for a reduction") {
            if isLast { try watched.barrier(for: "the end") } else { _ = try watched.allreduce(1, .sum) }
        }
        try assertDrift("MPI_Comm_split for parts of the ranks", onFirstRank: "MPI_Ibarrier for a barrier") {
            if isLast { _ = try watched.split(color: 0, key: 0) } else { try watched.barrier() }
        }
    }

    func testTheSentenceNamesBoth() {
        let error = MPIError.drifted(rank: 2, collective: "MPI_Ibarrier for the end", onFirstRank: "MPI_Ibcast for x")
        XCTAssertEqual(
            "\(error)",
            "the ranks have drifted apart, a mistake in the program: rank 2 has come to MPI_Ibarrier for the end, but rank "
                + "0 to MPI_Ibcast for x")
    }

    /// All kinds, with numbers of elements that may differ.
    func testRanksThatAgreeNoticeNothing() throws {
        let ranks = Array(0..<world.size)
        XCTAssertEqual(try watched.allreduce(world.rank, .max), world.size - 1)
        XCTAssertEqual(try watched.broadcast("text", root: 0), "text")
        XCTAssertEqual(try watched.allgather(Array(0..<world.rank)), ranks.map { Array(0..<$0) })
        XCTAssertEqual(try watched.gather("\(world.rank)", root: 0), world.rank == 0 ? ranks.map(String.init) : nil)
        XCTAssertNil(try watched.firstFailure(nil))
        try watched.barrier()
        var values = [Float](repeating: 1, count: 5)
        try values.withUnsafeMutableBufferPointer { try watched.iallreduce($0, .sum).wait() }
        XCTAssertEqual(values, [Float](repeating: Float(world.size), count: 5))
    }

    func testOnlyDebugBuildsCompareByThemselves() {
        #if DEBUG
            XCTAssertTrue(world.comparesCollectives)
        #else
            XCTAssertFalse(world.comparesCollectives)
        #endif
    }
}
