import Foundation
import TestSupport
import XCTest

/// `--profile`
final class ProfileTests: CommandLineTestCase {
    private func trace(_ folder: String) throws -> TraceFile {
        try TraceFile(String(contentsOfFile: path("\(folder)/trace.json"), encoding: .utf8))
    }

    /// 22 images among 3 workers are four steps of batches of 2, two of them warm-up.
    func testAProfiledRunHasTheSameBitsAndATableOfItsLayers() throws {
        try assertWorks(smallRun("syncbn", "--workers", "3", "--quiet", out: "plain"))
        let outcome = try assertWorks(smallRun("syncbn", "--workers", "3", "--quiet", "--profile"))
        let (files, plain) = (RunFiles(path: path("run")), RunFiles(path: path("plain")))
        XCTAssertEqual(try files.text("weights_sha256"), try plain.text("weights_sha256"))
        XCTAssertEqual(
            try names(in: "run"),
            [
                "config.yaml", "epochs.csv", "events", "metrics.csv", "profile.json", "profile.txt", "report.html",
                "report.md", "result.json", "run.json", "trace.json", "weights.safetensors",
            ])

        let table = try String(contentsOfFile: path("run/profile.txt"), encoding: .utf8)
        XCTAssertTrue(outcome.output.contains("\n\n\(table)\nWritten to run.\n"), outcome.output)
        XCTAssertTrue(outcome.outputLines.allSatisfy { $0.count <= 100 }, outcome.output)
        XCTAssertTrue(
            table.hasPrefix("syncbn, 2 steps after 2 of warm-up, 2 ranks: milliseconds, bytes and messages a step"),
            table)
        let rows = table.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true) }
        for (index, channels) in [32, 32, 64, 64, 128].enumerated() {
            let row = try XCTUnwrap(rows.first { $0.first == "normalization\(index + 1)" }, table)
            // Forward three digits a sum, backward six, of two sums a channel; and a digit that tells of faults each way.
            XCTAssertTrue(row.contains("\(8 * (2 * channels * 3 + 1) + 8 * (2 * channels * 6 + 1))"), "\(row)")
        }

        let trace = try trace("run")
        trace.assertNests()
        XCTAssertEqual(trace.tracks.keys.sorted(), [1, 2])
        for (process, name) in trace.tracks { XCTAssertTrue(name.hasPrefix("rank \(process - 1) ("), name) }
        XCTAssertEqual(trace.events.count { $0.category == "step" }, 2 * 4)
    }

    func testAComparisonHasAProfileForEachVariant() throws {
        let outcome = try assertWorks(
            ["compare", "--norms", "bn,gn", "--profile", "--quiet", "--out", "run"] + Self.smallTraining)
        for norm in ["bn", "gn"] {
            XCTAssertTrue(outcome.output.contains("\n\n\(norm), "), outcome.output)
            try trace("run/\(norm)").assertNests()
        }
        XCTAssertTrue(outcome.outputLines.allSatisfy { $0.count <= 100 }, outcome.output)
    }

    func testAStoppedRunKeepsTheProfileOfWhatRanAndAResumedOneMakesItsOwn() throws {
        let training = ["--dataset", "digits", "--train-images", "24", "--epochs", "30", "--workers", "3", "--quiet"]
        let job = try RunningJob(
            ["train", "--norm", "bn", "--out", "run", "--profile"] + training, ranks: 2, in: folder)
        try job.wait(for: "rows") { (try? RunFiles(path: path("run")).metrics().count) ?? 0 > 10 }
        kill(job.mpirun, SIGUSR1)
        let stopped = try job.end()
        XCTAssertEqual(stopped.status, 75, stopped.errors)
        func table() throws -> String { try String(contentsOfFile: path("run/profile.txt"), encoding: .utf8) }
        let steps = try RunFiles(path: path("run")).metrics().count - 1
        let first = try table()
        XCTAssertTrue(first.hasPrefix("bn, \(steps - 3) steps after 3 of warm-up, 2 ranks"), first)
        try trace("run").assertNests()

        let resumed = try assertWorks(["resume", "run", "--quiet", "--profile"], ranks: 1)
        let second = try table()
        XCTAssertTrue(second.hasPrefix("bn, \(120 - steps - 3) steps after 3 of warm-up, 1 rank:"), second)
        XCTAssertTrue(resumed.output.contains("\n\n\(second)\nWritten to run.\n"), resumed.output)
    }

    func testARunWithoutProfileLeavesNoneOfAnEarlierRun() throws {
        try assertWorks(smallRun("gn", "--quiet", "--profile"), ranks: 1)
        try assertWorks(smallRun("gn", "--quiet"), ranks: 1)
        XCTAssertEqual(
            try names(in: "run"),
            [
                "config.yaml", "epochs.csv", "events", "metrics.csv", "report.html", "report.md", "result.json",
                "run.json",
                "weights.safetensors",
            ])
    }
}
