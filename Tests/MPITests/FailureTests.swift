import MPI
import XCTest

final class FailureTests: MPITestCase {
    func testRootThatDoesNotExistIsAnErrorNamingTheCall() throws {
        for root in [world.size, -1, .max] {
            XCTAssertThrowsError(try world.broadcast(1.5, root: root)) { error in
                guard case .callFailed(let call, _, let text, let rank) = error as? MPIError else {
                    return XCTFail("\(error)")
                }
                XCTAssertEqual(call, "MPI_Ibcast")
                XCTAssertTrue(text.contains("MPI_ERR_ROOT"), text)
                XCTAssertEqual(rank, MPIEnvironment.launchedRank)
                XCTAssertTrue("\(error)".hasPrefix("MPI_Ibcast failed"), "\(error)")
            }
        }
        XCTAssertEqual(try world.allreduce(1, .sum), world.size, "the world goes on")
    }

    func testNoFailureIsNilEverywhere() throws {
        XCTAssertNil(try world.firstFailure(nil))
    }

    func testTheOnlyFailureIsKnownEverywhere() throws {
        for failing in 0..<world.size {
            let failure = try world.firstFailure(world.rank == failing ? "no such file: \(failing).gz" : nil)
            XCTAssertEqual(failure?.rank, failing)
            XCTAssertEqual(failure?.message, "no such file: \(failing).gz")
        }
    }

    func testOfSeveralFailuresTheLowestRanksIsTold() throws {
        let lowest = world.size / 2
        let failure = try world.firstFailure(world.rank >= lowest ? "rank \(world.rank)" : nil)
        XCTAssertEqual(failure?.rank, lowest)
        XCTAssertEqual(failure?.message, "rank \(lowest)")
    }

    func testAnEmptyMessageIsAFailureToo() throws {
        let failure = try world.firstFailure("")
        XCTAssertEqual(failure?.rank, 0)
        XCTAssertEqual(failure?.message, "")
    }
}
