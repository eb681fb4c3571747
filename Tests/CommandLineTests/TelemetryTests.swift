import Foundation
import XCTest

/// `--telemetry`
final class TelemetryTests: InterruptionTestCase {
    private func text(_ folder: String) throws -> String {
        try String(contentsOfFile: path("\(folder)/telemetry.csv"), encoding: .utf8)
    }

    /// The cells of a table's rows, without its header.
    private func rows(_ folder: String) throws -> [[String]] {
        try text(folder).split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// 20 images among 3 workers are four steps of batches of 2; the last leaves a worker without images.
    func testTheTableIsTheSameOnAnyNumberOfRanksAndTheBitsAreThoseOfAPlainRun() throws {
        for norm in ["bn", "gn", "none"] {
            let options = ["--workers", "3", "--train-images", "20", "--quiet"]
            try assertWorks(smallRun(norm, out: "plain-\(norm)") + options)
            for ranks in 1...3 {
                let out = "\(norm)-\(ranks)"
                try assertWorks(smallRun(norm, "--telemetry", out: out) + options, ranks: ranks)
                XCTAssertEqual(try text(out), try text("\(norm)-1"))
                XCTAssertEqual(
                    try RunFiles(path: path(out)).text("weights_sha256"),
                    try RunFiles(path: path("plain-\(norm)")).text("weights_sha256"))
            }
            let rows = try rows("\(norm)-1")
            XCTAssertEqual(rows.map { $0[0] }, [1, 4].flatMap { step in (1...5).map { _ in "\(step)" } })
            XCTAssertEqual(rows.prefix(5).map { $0[2] }, (1...5).map { "normalization\($0)" })
            XCTAssertEqual(rows.map { $0[3] }, Array(repeating: "3", count: 5) + Array(repeating: "2", count: 5))
            for row in rows {
                XCTAssertEqual(row.count, 10)
                for cell in row[4..<8] { XCTAssertGreaterThan(try XCTUnwrap(Double(cell)), 0) }
            }
        }
        XCTAssertTrue(
            try text("bn-1").hasPrefix(
                "step,epoch,layer,workers,mean_distance,variance_distance,largest_mean_distance,"
                    + "largest_variance_distance,constant_channels,constant_in_worker\n"))
    }

    func testOneValueAChannelHasNoVarianceAndItsCellIsEmpty() throws {
        try assertWorks(
            smallRun(
                "gn", "--workers", "3", "--train-images", "21", "--batch", "1", "--model", "head", "--quiet",
                "--telemetry"))
        for row in try rows("run") {
            XCTAssertEqual(row[2], "normalization1")
            XCTAssertEqual([row[5], row[7]], ["", ""])
            XCTAssertGreaterThan(try XCTUnwrap(Double(row[4])), 0)
        }
    }

    func testAProfiledRunTellsWhatTheTelemetryCosts() throws {
        let outcome = try assertWorks(smallRun("bn", "--workers", "3", "--quiet", "--telemetry", "--profile"))
        XCTAssertTrue(outcome.output.contains("the telemetry"), outcome.output)
        XCTAssertTrue(outcome.outputLines.allSatisfy { $0.count <= 100 }, outcome.output)
    }

    func testAPlainRunInTheFolderTakesTheTableAway() throws {
        try assertWorks(smallRun("bn", "--quiet", "--telemetry"))
        _ = try text("run")
        try assertWorks(smallRun("bn", "--quiet"))
        XCTAssertFalse(FileManager.default.fileExists(atPath: path("run/telemetry.csv")))
    }

    func testAResumedRunHasTheWholeTable() throws {
        try assertWorks(arguments("--telemetry", out: "whole"), ranks: 1)
        try stopEarly("--telemetry", ranks: 2)
        XCTAssertLessThan(try text("run").count, try text("whole").count)
        // What is lost comes back out of the checkpoint.
        try FileManager.default.removeItem(atPath: path("run/telemetry.csv"))
        try assertWorks(["resume", "run", "--quiet"], ranks: 1)
        XCTAssertEqual(try text("run"), try text("whole"))
        XCTAssertEqual(
            try RunFiles(path: path("run")).text("weights_sha256"),
            try RunFiles(path: path("whole")).text("weights_sha256"))
    }

    func testAResumedComparisonHasTheTableOfVariantsThatHadNotBegun() throws {
        let options = ["compare", "--norms", "bn,gn", "--quiet", "--telemetry"] + Self.training
        try assertWorks(options + ["--out", "whole"], ranks: 1)
        let job = try start(options + ["--out", "run"], ranks: 1)
        try job.waitUntilItListens(ranks: 1)
        kill(job.mpirun, SIGUSR1)
        assertStopped(try job.end(), "run")
        // Once more: what the folder says must not be lost on the way.
        let again = try start(["resume", "run", "--quiet"], ranks: 1)
        try again.waitUntilItListens(ranks: 1)
        kill(again.mpirun, SIGUSR1)
        assertStopped(try again.end(), "run")
        XCTAssertFalse(FileManager.default.fileExists(atPath: path("run/gn")))
        try assertWorks(["resume", "run", "--quiet"], ranks: 2)
        for norm in ["bn", "gn"] { XCTAssertEqual(try text("run/\(norm)"), try text("whole/\(norm)")) }
    }

    func testARunThatBeganWithoutHasNoTableAfterItsResumption() throws {
        try stopEarly()
        try assertWorks(["resume", "run", "--quiet"], ranks: 1)
        XCTAssertFalse(FileManager.default.fileExists(atPath: path("run/telemetry.csv")))
    }
}
