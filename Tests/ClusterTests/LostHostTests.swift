import Foundation
import XCTest

/// A run that loses a host in the middle, and what comes of it.
final class LostHostTests: ClusterTestCase {
    /// 30 steps of four workers, a checkpoint after every fifth.
    private static let training = [
        "train", "--norm", "bn", "--dataset", "digits", "--train-images", "40", "--workers", "4", "--batch", "2",
        "--epochs", "6", "--checkpoint-every", "5", "--quiet",
    ]

    func testACutLinkEndsTheRunWithASentenceAndTheRemainingHostGoesOn() throws {
        let expected = try uninterrupted()
        let run = try loseHost("host2")
        XCTAssertTrue(
            try cluster("run", "-np", "2", "resume", run).errors.contains("the link of host2 is cut"))
        XCTAssertEqual(try cluster("run", "-np", "1", "resume", run, "--quiet").status, 0)
        try assertEqual(finalState(run), expected)
    }

    func testTheRunGoesOnOnAllHostsWhenTheLinkIsMended() throws {
        let expected = try uninterrupted()
        let run = try loseHost("host1")
        XCTAssertEqual(try cluster("mend", "host1").status, 0)
        XCTAssertEqual(try cluster("run", "-np", "3", "resume", run, "--quiet").status, 0)
        try assertEqual(finalState(run), expected)
    }

    /// Cuts a host's link while a run on two hosts trains.
    ///
    /// - Returns: the run's folder, in which there is a checkpoint.
    private func loseHost(_ host: String) throws -> String {
        // So narrow that the run takes many seconds: 70,000 weights, as integers of 8 bytes, in each step.
        XCTAssertEqual(try cluster("up", "2", "--bandwidth", "50mbit").status, 0)
        let out = "\(folder)/run"
        let pipe = Pipe()
        let run = try begin(["run", "-np", "2"] + Self.training + ["--out", out], errors: pipe)
        let checkpoint = "\(out)/checkpoint-0000000005.normtrain"
        XCTAssertTrue(wait { FileManager.default.fileExists(atPath: checkpoint) }, "the run did not start")
        XCTAssertEqual(try cluster("cut", host).status, 0)
        let cut = Date()
        // Noticed after 3 + 4 · 1 s of silence, or after 13 s where an answer was due; twice for slow machines.
        let ended = wait(seconds: 40) { !run.isRunning }
        XCTAssertTrue(ended, "still running \(Date().timeIntervalSince(cut)) s after the cut")
        if !ended { kill(run.processIdentifier, SIGKILL) }
        run.waitUntilExit()
        XCTAssertNotEqual(run.terminationStatus, 0)
        XCTAssertEqual(
            String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self),
            "cluster: the connection to \(host) was lost and the run was ended: its link is cut.\n")
        // The host that was cut off ends its rank by itself, once its daemon has missed the others.
        XCTAssertTrue(try wait { try ranks().isEmpty }, "ranks were left")
        XCTAssertFalse(FileManager.default.fileExists(atPath: "\(out)/result.json"), "the run was not interrupted")
        return out
    }

    /// How the run ends in one process without any host.
    private func uninterrupted() throws -> FinalState {
        let out = "\(folder)/whole"
        let outcome = try start(
            "mpirun", ["-q", "--allow-run-as-root", "-np", "1", binary] + Self.training + ["--out", out])
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        return try finalState(out)
    }

    /// What must not depend on where a run was executed.
    private struct FinalState: Equatable {
        let digest: String
        /// Step, loss and rate of each row of `metrics.csv`.
        let steps: [String]
    }

    private func finalState(_ run: String) throws -> FinalState {
        let rows = try String(contentsOfFile: "\(run)/metrics.csv", encoding: .utf8).split(separator: "\n")
        return FinalState(
            digest: try weights(of: run), steps: rows.map { $0.split(separator: ",").prefix(3).joined(separator: ",") })
    }

    private func assertEqual(_ found: FinalState, _ expected: FinalState, line: UInt = #line) throws {
        XCTAssertEqual(found, expected, line: line)
        XCTAssertEqual(found.steps.count, 31, line: line)
    }
}
