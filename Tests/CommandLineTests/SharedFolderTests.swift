import Foundation
import XCTest

/// Runs that would write into one folder.
final class SharedFolderTests: InterruptionTestCase {
    private func heldSentence(_ folder: String, by process: Int32) throws -> String {
        "\(folder): another run is at work in this folder (process \(process) on \(try hostName())): "
            + "wait for its end, or name another folder."
    }

    func testFourTrainingsOfOneMomentGetFoldersOfTheirOwn() throws {
        let training = ["train", "--norm", "gn", "--quiet"] + Self.smallTraining
        let jobs = try (1...4).map { _ in try start(training, ranks: 1) }
        for job in jobs { XCTAssertEqual(try job.end(within: 60).status, 0) }
        let names = try FileManager.default.contentsOfDirectory(atPath: path("runs"))
        XCTAssertEqual(names.count, 4)
        for name in names {
            XCTAssertNotNil(name.wholeMatch(of: /train-\d{4}-\d\d-\d\d-\d{6}(-[234])?/), name)
            XCTAssertEqual(try RunFiles(path: path("runs/\(name)")).status(), "finished")
        }
    }

    func testTheSecondOfTwoRunsInOneFolderIsRefused() throws {
        let first = try start(arguments(), ranks: 2)
        try first.wait(for: "rows") { (try? RunFiles(path: path("run")).metrics().count) ?? 0 > 1 }
        let rank = try XCTUnwrap(first.ranks.first { RunningJob.rank(of: $0) == 0 })
        // For as long as the others try.
        kill(rank, SIGSTOP)
        let compare = ["compare", "--norms", "bn,gn", "--quiet", "--out", "run"] + Self.smallTraining
        for arguments in [smallRun("gn"), compare, ["resume", "run"]] {
            assertRefused(try normtrain(arguments, ranks: 2), try heldSentence("run", by: rank))
        }
        XCTAssertEqual(try RunFiles(path: path("run")).status(), "running")
        kill(rank, SIGCONT)
        for rank in first.ranks { kill(rank, SIGUSR1) }
        assertStopped(try first.end(), "run")
        try assertWorks(["resume", "run", "--quiet"])
        XCTAssertFalse(FileManager.default.fileExists(atPath: path("run/.lock")))
    }

    func testAVariantThatIsAtWorkElsewhereIsNotSpoilt() throws {
        let job = try start(arguments(out: "both/gn"), ranks: 1)
        try job.wait(for: "rows") { FileManager.default.fileExists(atPath: path("both/gn/metrics.csv")) }
        let rank = try XCTUnwrap(job.ranks.first)
        kill(rank, SIGSTOP)
        assertRefused(
            try normtrain(["compare", "--norms", "bn,gn", "--quiet", "--out", "both"] + Self.smallTraining, ranks: 1),
            try heldSentence("both/gn", by: rank))
        kill(rank, SIGCONT)
        XCTAssertEqual(try job.end().status, 0)
        XCTAssertEqual(try RunFiles(path: path("both/gn")).status(), "finished")
    }

    func testAKilledRunHasGivenUpItsFolder() throws {
        let job = try start(arguments(), ranks: 1)
        try job.wait(for: "rows") { FileManager.default.fileExists(atPath: path("run/metrics.csv")) }
        kill(try XCTUnwrap(job.ranks.first), SIGKILL)
        _ = try job.end()
        XCTAssertTrue(FileManager.default.fileExists(atPath: path("run/.lock")))
        XCTAssertEqual(try assertWorks(smallRun("gn", "--quiet")).errors, "")
        XCTAssertFalse(FileManager.default.fileExists(atPath: path("run/.lock")))
    }

    func testTheProcessOfAnotherHostThatLeftTheFolderIsNamed() throws {
        try FileManager.default.createDirectory(atPath: path("run"), withIntermediateDirectories: false)
        try write("{\"host\": \"elsewhere\", \"process\": 7, \"beginning\": 9}", to: "run/.lock")
        let outcome = try assertWorks(smallRun("gn", "--quiet"))
        XCTAssertEqual(
            outcome.errors,
            "normtrain: run: process 7 on elsewhere has left this folder without a word: if it still runs, end it, for "
                + "two runs in one folder spoil each other.\n")
    }

    /// As on a file system that knows no locks: then the file has to do, which names the owner.
    func testWithoutLocksOfTheSystemTheFileDecides() throws {
        func trained() throws -> Outcome {
            try start(
                "strace",
                ["-o", path("trace"), "-e", "trace=flock", "-e", "inject=flock:error=ENOLCK", Self.binary]
                    + smallRun("gn", "--quiet"))
        }
        try XCTSkipIf(try start("strace", ["-o", "trial", "true"]).status != 0, "system calls can't be traced here")
        XCTAssertEqual(try trained().status, 0)
        try write("{\"host\": \"elsewhere\", \"process\": 7, \"beginning\": 9}", to: "run/.lock")
        assertRefused(
            try trained(),
            "run: process 7 on elsewhere was at work in this folder, and nothing here can tell whether it still is: "
                + "when it is not, remove run/.lock.")
        let host = try hostName()
        try write("{\"host\": \"\(host)\", \"process\": 1, \"beginning\": -1}", to: "run/.lock")
        XCTAssertEqual(try trained().status, 0)
    }
}
