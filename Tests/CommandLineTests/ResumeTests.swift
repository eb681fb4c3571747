import Foundation
import XCTest

/// Runs that a signal stops end as if nothing had happened.
final class ResumeTests: InterruptionTestCase {
    func testARunStoppedBySIGUSR1GoesOnOnAnyNumberOfRanks() throws {
        let expected = try uninterrupted()
        for (ranks, resumed) in [(2, 1), (1, 3)] {
            let job = try start(arguments(), ranks: ranks)
            try job.waitUntilItListens(ranks: ranks)
            kill(job.mpirun, SIGUSR1)
            assertStopped(try job.end(), "run")
            XCTAssertEqual(checkpoints().count, 1)
            try assertWorks(["resume", "run", "--quiet"], ranks: resumed)
            XCTAssertEqual(try FinalState(path("run")), expected, "stopped on \(ranks) and resumed on \(resumed)")
        }
    }

    func testSIGTERMToASingleRankStopsAllOfThem() throws {
        let expected = try uninterrupted()
        let job = try start(arguments("--checkpoint-every", "5"), ranks: 2)
        try job.wait(for: "checkpoint") { !checkpoints().isEmpty }
        kill(try XCTUnwrap(job.ranks.last), SIGTERM)
        assertStopped(try job.end(), "run")
        try assertWorks(["resume", "run", "--quiet"], ranks: 1)
        XCTAssertEqual(try FinalState(path("run")), expected)
    }

    /// To mpirun itself it would mean: kill the ranks after a second.
    func testSIGTERMToTheLaunchScriptStopsTheRunWithACheckpoint() throws {
        let expected = try uninterrupted()
        let job = try start(arguments("--checkpoint-every", "5"), ranks: 2, by: .script)
        try job.wait(for: "checkpoint") { !checkpoints().isEmpty }
        kill(job.mpirun, SIGTERM)
        assertStopped(try job.end(), "run")
        try assertWorks(["resume", "run", "--quiet"], ranks: 1)
        XCTAssertEqual(try FinalState(path("run")), expected)
    }

    func testASecondSignalEndsARunAtOnce() throws {
        let job = try start(arguments(), ranks: 1)
        try job.waitUntilItListens(ranks: 1)
        let rank = try XCTUnwrap(job.ranks.first)
        // While it is held, two different signals are kept for it; two of a kind would be one.
        kill(rank, SIGSTOP)
        kill(rank, SIGUSR1)
        kill(rank, SIGTERM)
        kill(rank, SIGCONT)
        let outcome = try job.end(within: 5)
        XCTAssertTrue([128 + SIGUSR1, 128 + SIGTERM].contains(outcome.status), "\(outcome.status)")
        XCTAssertEqual(checkpoints(), [])
    }

    func testAFreshRunForgetsTheOldOneInItsFolder() throws {
        try assertWorks(arguments("--checkpoint-every", "50"), ranks: 1)
        XCTAssertTrue(FileManager.default.fileExists(atPath: path("run/result.json")))
        XCTAssertEqual(checkpoints().count, 2)
        try stopEarly("--seed", "9")
        XCTAssertEqual(checkpoints().count, 1)
        try assertWorks(["resume", "run", "--quiet"], ranks: 1)
        try assertWorks(arguments("--seed", "9", out: "other"), ranks: 1)
        XCTAssertEqual(try FinalState(path("run")), try FinalState(path("other")))
        XCTAssertEqual(try RunFiles(path: path("run")).number("seed"), 9)
    }

    /// With three workers the order of the additions would be the same on 1, 2 and 3 ranks: (a + b) + c.
    func testFloatingPointSumsDependOnTheRanksAndExactOnesDoNot() throws {
        func digests(_ reduction: String) throws -> Set<String> {
            var digests: Set<String> = []
            for ranks in 1...3 {
                let options = ["--workers", "10", "--reduction", reduction, "--quiet"]
                try assertWorks(smallRun("syncbn") + options, ranks: ranks)
                digests.insert(try RunFiles(path: path("run")).text("weights_sha256"))
            }
            return digests
        }
        XCTAssertEqual(try digests("exact").count, 1)
        XCTAssertEqual(try digests("float").count, 3)
    }
}
