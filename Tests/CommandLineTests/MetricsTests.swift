import Foundation
import XCTest

/// `metrics.csv` can be looked at while a run goes on.
final class MetricsTests: InterruptionTestCase {
    /// Every row but its seconds.
    private func rows(_ run: String) throws -> [[String]] {
        try RunFiles(path: path(run)).metrics().map { Array($0.prefix(3)) }
    }

    func testRowsAreThereWhileTheRunGoesOn() throws {
        let job = try start(arguments(), ranks: 2)
        var counts: Set<Int> = []
        try job.wait(for: "rows in the middle of the run") {
            let text = (try? String(contentsOfFile: path("run/metrics.csv"), encoding: .utf8)) ?? ""
            XCTAssertTrue(text.isEmpty || text.hasSuffix("\n"), text)
            let rows = text.split(separator: "\n").map { $0.split(separator: ",").count }
            XCTAssertTrue(rows.allSatisfy { $0 == 4 }, text)
            counts.insert(rows.count)
            return counts.count > 5 && rows.count < Self.steps
        }
        XCTAssertFalse(FileManager.default.fileExists(atPath: path("run/result.json")))
        XCTAssertEqual(try job.end().status, 0)
        XCTAssertEqual(try rows("run").count, 1 + Self.steps)
    }

    /// Between two checkpoints: the rows after the last one are there, and are not there twice once the run goes on.
    func testAfterAKillAndAResumeTheRowsAreThoseOfARunThatNeverStopped() throws {
        try assertWorks(arguments(out: "whole"), ranks: 1)
        let job = try start(arguments("--checkpoint-every", "7"), ranks: 2)
        try job.wait(for: "rows after a checkpoint") {
            guard let newest = checkpoints().last, let step = Int(newest.dropFirst(11).prefix(10)) else { return false }
            return (try? rows("run").count) ?? 0 > step + 3
        }
        for rank in job.ranks { kill(rank, SIGKILL) }
        _ = try job.end()
        let left = try rows("run")
        XCTAssertEqual(left, Array(try rows("whole").prefix(left.count)))
        try assertWorks(["resume", "run", "--quiet"], ranks: 1)
        XCTAssertEqual(try rows("run"), try rows("whole"))
    }

    /// Someone who follows the file sees it grow on: it is cut back and not replaced.
    func testAResumedRunGoesOnInTheSameFile() throws {
        func number() throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path("run/metrics.csv"))[.systemFileNumber] as? Int
        }
        try stopEarly()
        let before = try number()
        try assertWorks(["resume", "run", "--quiet"], ranks: 1)
        XCTAssertEqual(try number(), before)
        // What is lost comes back out of the checkpoint.
        try stopEarly()
        let stopped = try rows("run")
        try FileManager.default.removeItem(atPath: path("run/metrics.csv"))
        try assertWorks(["resume", "run", "--quiet"], ranks: 1)
        XCTAssertEqual(Array(try rows("run").prefix(stopped.count)), stopped)
        XCTAssertEqual(try rows("run").count, 1 + Self.steps)
    }
}
