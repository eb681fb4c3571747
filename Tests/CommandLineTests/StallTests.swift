import Foundation
import XCTest

/// One rank stops, and the others say so.
final class StallTests: InterruptionTestCase {
    private func stop(_ rank: Int, of job: RunningJob) throws -> Int32 {
        try job.waitUntilItListens(ranks: 3)
        let process = job.ranks[rank]
        // The first step, in which oneDNN makes its kernels, is over.
        try job.wait(for: "a checkpoint") { !checkpoints().isEmpty }
        kill(process, SIGSTOP)
        return process
    }

    func testTheOthersNameAStoppedRankAndItsLayerAndGoOnWhenItWakes() throws {
        let reference = try uninterrupted()
        let job = try start(arguments("--checkpoint-every", "4", "--stall-seconds", "0.5"), ranks: 3)
        let stopped = try stop(1, of: job)
        try job.wait(for: "a warning") { try job.errors.contains("\n") }
        kill(stopped, SIGCONT)
        let outcome = try job.end()
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        let lines = outcome.errors.split(separator: "\n").map(String.init)
        XCTAssertEqual(lines.count, 2, outcome.errors)
        assertMatches(
            lines[0],
            /normtrain: rank 1 \(on [^ ]+\) has not come to .+, where ranks 0 and 2 have waited for [12] s: .+\./)
        assertMatches(lines[1], /normtrain: all ranks have come to .+ after [0-9]+ s; the run goes on\./)
        XCTAssertEqual(try FinalState(path("run")), reference)
    }

    func testARankThatStaysAwayEndsTheRunWhenAskedTo() throws {
        let job = try start(
            arguments("--checkpoint-every", "4", "--stall-seconds", "0", "--stall-abort", "1"), ranks: 3)
        _ = try stop(0, of: job)
        let outcome = try job.end()
        XCTAssertNotEqual(outcome.status, 0)
        assertMatches(
            String(outcome.errors.split(separator: "\n").first ?? ""),
            /normtrain: rank 0 \(on [^ ]+\) has not come to .+ in [0-9]+ s, and the run is ended as --stall-abort asks\./
        )
        XCTAssertFalse(FileManager.default.fileExists(atPath: path("run/result.json")))
    }

    func testTimesThatAreNoneAreRefused() throws {
        try assertRefused(
            ["train", "--stall-seconds=-1"],
            "--stall-seconds -1: expected a number from 0: see normtrain --help.")
    }

    private func assertMatches(_ line: String, _ pattern: Regex<Substring>, at position: UInt = #line) {
        XCTAssertNotNil(line.wholeMatch(of: pattern), line, line: position)
    }
}
