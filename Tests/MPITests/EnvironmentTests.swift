import Foundation
import MPI
import XCTest

final class EnvironmentTests: MPITestCase {
    func testLaunchFactsAreTheWorldsRankAndSize() {
        XCTAssertEqual(world.rank, MPIEnvironment.launchedRank ?? 0)
        XCTAssertEqual(world.size, MPIEnvironment.launchedRanks ?? 1)
    }

    func testStartingTwiceIsHarmless() throws {
        XCTAssertTrue(MPIEnvironment.isRunning)
        try MPIEnvironment.start()
        XCTAssertEqual(try Communicator.world.size, world.size)
    }

    func testHostNameIsTheKernels() throws {
        var name = [CChar](repeating: 0, count: 256)
        XCTAssertEqual(gethostname(&name, name.count), 0)
        XCTAssertEqual(try MPIEnvironment.hostName(), name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) })
    }

    func testWallSecondsAreSeconds() {
        let start = MPIEnvironment.wallSeconds
        Thread.sleep(forTimeInterval: 0.05)
        let seconds = MPIEnvironment.wallSeconds - start
        XCTAssertGreaterThanOrEqual(seconds, 0.05)
        XCTAssertLessThan(seconds, 20)
    }
}
