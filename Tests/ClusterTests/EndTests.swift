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

    func testAStoppedRunEndsWithTheStatusOfATemporaryFailure() throws {
        XCTAssertEqual(try cluster("up", "2").status, 0)
        for signal in [SIGTERM, SIGUSR1, SIGHUP] {
            let out = "\(folder)/stopped-\(signal)"
            let run = try begin(
                "run", "-np", "2", "train", "--norm", "syncbn", "--dataset", "digits", "--epochs", "5000", "--quiet",
                "--out", out)
            XCTAssertTrue(wait { FileManager.default.fileExists(atPath: "\(out)/metrics.csv") }, "no rows")
            kill(run.processIdentifier, signal)
            run.waitUntilExit()
            XCTAssertEqual(run.terminationStatus, 75)
            let names = try FileManager.default.contentsOfDirectory(atPath: out)
            XCTAssertEqual(names.count { $0.hasPrefix("checkpoint-") }, 1, "\(names)")
        }
    }

    func testUpAndDownAtOnceWaitForEachOther() throws {
        let before = try machine()
        for _ in 1...3 {
            let begun = try (1...3).map { _ in try begin("up", "3") }
            for process in begun { process.waitUntilExit() }
            XCTAssertEqual(begun.map(\.terminationStatus), [0, 0, 0])
            XCTAssertEqual(try cluster("exec", "host3", "hostname").output, "host3\n")
            let ended = try [begin("down"), begin("up", "3"), begin("down")]
            for process in ended { process.waitUntilExit() }
            XCTAssertEqual(ended.map(\.terminationStatus), [0, 0, 0])
            XCTAssertEqual(try cluster("down").status, 0)
            try assertNothingRemains(before)
        }
    }

    /// Starts a run that goes on for minutes, and returns when its ranks train.
    private func beginLongRun() throws -> Process {
        let out = "\(folder)/long-\(UUID().uuidString)"
        let run = try begin(
            "run", "-np", "2", "train", "--norm", "syncbn", "--dataset", "digits", "--epochs", "5000", "--quiet",
            "--out", out)
        XCTAssertTrue(try wait { try ranks().count == 2 }, "the run did not start")
        Thread.sleep(forTimeInterval: 2)
        return run
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
