import Foundation
import XCTest

/// A folder says what it holds, from the first moment of the run that fills it.
final class RunDescriptionTests: InterruptionTestCase {
    private func field(_ key: String, of run: String) throws -> String {
        try XCTUnwrap(RunFiles(path: path(run)).description()[key] as? String, key)
    }

    /// Trained to its end, then compared: what was trained before is not what goes on.
    func testAStoppedComparisonInTheFolderOfAFinishedTrainingIsWhatIsResumed() throws {
        try assertWorks(arguments("--checkpoint-every", "50"), ranks: 1)
        XCTAssertEqual(try field("kind", of: "run"), "train")
        let options = ["compare", "--norms", "gn,ln", "--quiet"] + Self.training
        let job = try start(options + ["--out", "run"], ranks: 1)
        try job.waitUntilItListens(ranks: 1)
        kill(job.mpirun, SIGUSR1)
        assertStopped(try job.end(), "run")
        XCTAssertEqual(try field("kind", of: "run"), "compare")
        XCTAssertEqual(try field("status", of: "run"), "interrupted")
        let resumed = try assertWorks(["resume", "run", "--quiet"], ranks: 1)
        XCTAssertTrue(resumed.output.contains("\nln "), resumed.output)
        for norm in ["gn", "ln"] { XCTAssertEqual(try field("kind", of: "run/\(norm)"), "variant") }
        XCTAssertEqual(try field("status", of: "run"), "finished")
    }

    func testAKilledRunSaysRunningByAProcessThatIsGoneAndResumingSetsItRight() throws {
        let job = try start(arguments("--checkpoint-every", "5"), ranks: 1)
        try job.wait(for: "checkpoint") { !checkpoints().isEmpty }
        let rank = try XCTUnwrap(job.ranks.first)
        let process = try XCTUnwrap(RunFiles(path: path("run")).description()["process"] as? [String: Any])
        XCTAssertEqual(process["process"] as? Int32, rank)
        XCTAssertEqual(process["host"] as? String, try hostName())
        kill(rank, SIGKILL)
        _ = try job.end()
        XCTAssertEqual(try field("status", of: "run"), "running")
        XCTAssertFalse(FileManager.default.fileExists(atPath: "/proc/\(rank)"))
        try assertWorks(["resume", "run", "--quiet"], ranks: 1)
        XCTAssertEqual(try field("status", of: "run"), "finished")
    }

    /// Looked at while the run is put to sleep, long before its end.
    func testTheCommandLineAndTheConfigurationAreThereFromTheBeginning() throws {
        let job = try start(arguments(), ranks: 1)
        try job.wait(for: "metrics.csv") { FileManager.default.fileExists(atPath: path("run/metrics.csv")) }
        let rank = try XCTUnwrap(job.ranks.first)
        kill(rank, SIGSTOP)
        let description = try RunFiles(path: path("run")).description()
        XCTAssertEqual((description["command_line"] as? [String])?.dropFirst(), arguments()[...])
        XCTAssertEqual(description["format"] as? Int, 1)
        XCTAssertEqual(description["status"] as? String, "running")
        let sum = try start("sha256sum", ["run/config.yaml"]).output.prefix(64)
        XCTAssertEqual(description["configuration_sha256"] as? String, String(sum))
        kill(rank, SIGCONT)
        kill(rank, SIGUSR1)
        assertStopped(try job.end(), "run")
    }

    func testFilesOfAnotherFormatAreRefusedBeforeTheRestIsRead() throws {
        try assertWorks(smallRun("gn"), ranks: 1)
        try assertWorks(smallRun("gn", out: "other"), ranks: 1)
        try write("{\"format\": 7, \"status\": 3}", to: "run/run.json")
        try assertRefused(
            ["eval", "run"],
            "run/run.json: the file has format 7, but this normtrain reads format 1: use the one that wrote it.")
        try write("{\"format\": 7, \"command\": 3}", to: "other/result.json")
        try assertRefused(
            ["eval", "other"],
            "other/result.json: the file has format 7, but this normtrain reads format 1: use the one that wrote it.")
        try write("{\"format\": 1}", to: "other/run.json")
        try assertRefused(
            ["resume", "other"],
            "other/run.json: the file does not tell what the folder holds; remove it together with what was begun there."
        )
    }
}
