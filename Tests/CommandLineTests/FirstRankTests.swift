import Foundation
import XCTest

/// Only rank 0 reads what belongs to runs: the other hosts need not share its file system.
final class FirstRankTests: InterruptionTestCase {
    /// Starts the program with each rank in a folder of its own, `zero` and `one`, as on two hosts that share nothing.
    private func onTwoHosts(_ arguments: [String]) throws -> Outcome {
        for rank in ["zero", "one"] {
            try FileManager.default.createDirectory(atPath: path(rank), withIntermediateDirectories: true)
        }
        let change = "if [ $OMPI_COMM_WORLD_RANK = 0 ]; then cd zero; else cd one; fi; exec \"$0\" \"$@\""
        return try mpirun(["-np", "2", "sh", "-c", change, Self.binary] + arguments)
    }

    private func assertWorksOnTwoHosts(_ arguments: [String]) throws {
        let outcome = try onTwoHosts(arguments)
        XCTAssertEqual(outcome.status, 0, outcome.errors)
    }

    func testARunIsEvaluatedAndExportedAndBegunWithFilesOfRank0() throws {
        try assertWorksOnTwoHosts(smallRun("bn"))
        try assertWorksOnTwoHosts(["eval", "run"])
        try assertWorksOnTwoHosts(["export", "run", "--pytorch", "weights"])
        try assertWorksOnTwoHosts(smallRun("bn", "--init", "weights", out: "again"))
        XCTAssertEqual(try entries(in: "one"), [])
    }

    func testAnotherRunOnAnotherHostDoesNotMatter() throws {
        try assertWorksOnTwoHosts(smallRun("bn"))
        let digest = try RunFiles(path: path("zero/run")).text("weights_sha256")
        try FileManager.default.createDirectory(atPath: path("one/run"), withIntermediateDirectories: false)
        try write("{\"format\": 9}", to: "one/run/run.json")
        try assertWorksOnTwoHosts(["eval", "run"])
        try assertWorksOnTwoHosts(smallRun("bn"))
        XCTAssertEqual(try RunFiles(path: path("zero/run")).text("weights_sha256"), digest)
    }

    func testARunAndAComparisonGoOnFromCheckpointsOfRank0() throws {
        let compare = ["compare", "--norms", "bn,gn", "--quiet"] + Self.training
        try assertWorks(compare + ["--out", "whole"], ranks: 1)
        try assertWorks(arguments(out: "single"), ranks: 1)
        try stopEarly(out: "zero/run")
        let job = try start(compare + ["--out", "zero/both"], ranks: 1)
        try job.waitUntilItListens(ranks: 1)
        kill(job.mpirun, SIGUSR1)
        assertStopped(try job.end(), "zero/both")
        for run in ["run", "both"] { try assertWorksOnTwoHosts(["resume", run, "--quiet"]) }
        XCTAssertEqual(try FinalState(path("zero/run")), try FinalState(path("single")))
        for norm in ["bn", "gn"] {
            XCTAssertEqual(try FinalState(path("zero/both/\(norm)")), try FinalState(path("whole/\(norm)")))
        }
        XCTAssertEqual(try entries(in: "one"), [])
    }

    /// Not that of a rank that has a folder and should not be asked.
    func testWhatRank0CannotReadIsToldOnce() throws {
        let outcome = try onTwoHosts(["eval", "run"])
        assertRefused(
            outcome,
            "run: this is no folder of a finished run, which holds config.yaml, weights.safetensors and result.json.")
    }
}
