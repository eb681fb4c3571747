import Foundation
import XCTest

/// Nothing is left behind, whatever happened before.
final class EndTests: ClusterTestCase {
    func testDownLeavesNothingBehind() throws {
        let before = try machine()
        XCTAssertEqual(try cluster("up", "3").status, 0)
        XCTAssertNotEqual(try machine(), before)
        XCTAssertEqual(try cluster("down").status, 0)
        try assertNothingRemains(before)
    }

    func testDownEndsWhatAnInterruptedUpBegan() throws {
        let before = try machine()
        for (signal, delay) in [(SIGKILL, 0.1), (SIGKILL, 0.3), (SIGTERM, 0.2), (SIGINT, 0.4)] {
            let process = try begin("up", "20")
            Thread.sleep(forTimeInterval: delay)
            kill(process.processIdentifier, signal)
            process.waitUntilExit()
            XCTAssertEqual(try cluster("down").status, 0)
            try assertNothingRemains(before)
        }
    }

    func testDownEndsARunWhoseStartingScriptWasKilled() throws {
        let before = try machine()
        XCTAssertEqual(try cluster("up", "2").status, 0)
        let run = try beginLongRun()
        // No wait for its end, for which Process would wait until mpirun, too, lets go of a file.
        kill(run.processIdentifier, SIGKILL)
        let second = try cluster("run")
        XCTAssertTrue(second.errors.contains("a run is under way"), second.errors)
        XCTAssertEqual(try cluster("down").status, 0)
        try assertNothingRemains(before)
    }

    func testACutLinkEndsTheRunWithASentenceOnEveryHost() throws {
        for host in ["host1", "host2"] {
            XCTAssertEqual(try cluster("up", "2").status, 0)
            let pipe = Pipe()
            let run = try beginLongRun(errors: pipe)
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
            XCTAssertEqual(try ranks(), [], "ranks were left")

            XCTAssertTrue(try cluster("run").errors.contains("the link of \(host) is cut"))
            XCTAssertEqual(try cluster("mend", host).status, 0)
            XCTAssertEqual(try weights(hosts: 2, "--norm", "syncbn"), try weights(hosts: nil, "--norm", "syncbn"))
            XCTAssertEqual(try cluster("down").status, 0)
            for run in ["2", "alone"] { try FileManager.default.removeItem(atPath: "\(folder)/run-\(run)") }
        }
    }

    /// Starts a run that goes on for minutes, and returns when its ranks train.
    private func beginLongRun(errors: Pipe? = nil) throws -> Process {
        let out = "\(folder)/long-\(UUID().uuidString)"
        let run = try begin(
            "run", "-np", "2", "train", "--norm", "syncbn", "--dataset", "digits", "--epochs", "5000", "--quiet",
            "--out", out, errors: errors)
        XCTAssertTrue(try wait { try ranks().count == 2 }, "the run did not start")
        Thread.sleep(forTimeInterval: 2)
        return run
    }

    private func ranks() throws -> [String] {
        // A number and a command; mpirun's own command names the program too, but does not begin with it.
        try remainingProcesses().filter { $0.split(separator: " ").dropFirst().first?.hasSuffix("/normtrain") == true }
    }

    private func assertNothingRemains(_ before: [String], line: UInt = #line) throws {
        XCTAssertEqual(try remainingProcesses(), [], line: line)
        XCTAssertFalse(FileManager.default.fileExists(atPath: clusterFolder), line: line)
        // The kernel takes a moment to free the network of a process that has ended.
        XCTAssertTrue(try wait { try machine() == before }, line: line)
    }

    /// The machine's own interfaces and mounts, and the namespaces of processes that belong to this test.
    private func machine() throws -> [String] {
        let links = try start("ip", ["-o", "link", "show"]).output
        let mounts = try String(contentsOfFile: "/proc/mounts", encoding: .utf8)
        let namespaces = try start("lsns", ["--noheadings", "--output", "NS,COMMAND"]).output
            .split(separator: "\n").filter { $0.contains(folder) }.joined(separator: "\n")
        return [links, mounts, namespaces]
    }
}
