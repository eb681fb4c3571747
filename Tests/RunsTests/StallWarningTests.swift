import MPI
import XCTest

@testable import Runs

/// What a user reads when ranks wait.
final class StallWarningTests: XCTestCase {
    private let hosts = ["alpha", "alpha", "beta", "beta"]

    private func stall(missing: [Int], present: [Int]) -> Stall {
        Stall(missing: missing, present: present, purpose: "normalization3", seconds: 61.2)
    }

    func testTheMissingRankIsNamedWithItsHost() {
        XCTAssertEqual(
            StallWatch.Event.began(stall(missing: [2], present: [0, 1, 3])).sentence(hosts: hosts),
            "rank 2 (on beta) has not come to normalization3, where ranks 0, 1 and 3 have waited for 61 s: a process may be "
                + "stopped, or its host overloaded or cut off.")
        XCTAssertEqual(
            StallWatch.Event.becameTooLong(stall(missing: [1, 2], present: [0, 3])).sentence(hosts: hosts),
            "ranks 1 (on alpha) and 2 (on beta) have not come to normalization3 in 61 s, and the run is ended as "
                + "--stall-abort asks.")
    }

    /// A message that takes long on its way.
    func testWhereNobodyIsMissingTheNetworkIsSuspected() {
        XCTAssertEqual(
            StallWatch.Event.began(stall(missing: [], present: [0, 1, 2, 3])).sentence(hosts: hosts),
            "all ranks have come to normalization3, but after 61 s its data are still under way: the network may be slow or "
                + "cut off.")
        XCTAssertEqual(
            StallWatch.Event.becameTooLong(stall(missing: [], present: [0, 1, 2, 3])).sentence(hosts: hosts),
            "all ranks have come to normalization3, but after 61 s its data are still under way, and the run is ended as "
                + "--stall-abort asks: the network may be slow or cut off.")
    }

    func testOfManyMissingRanksAFewAreNamed() {
        let many = stall(missing: Array(1..<20), present: [0])
        let sentence = StallWatch.Event.began(many).sentence(hosts: Array(repeating: "alpha", count: 20))
        XCTAssertTrue(sentence.contains("8 (on alpha) and 11 more have not come"), sentence)
    }
}
