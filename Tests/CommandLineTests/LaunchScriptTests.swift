import Foundation
import XCTest

/// What `launch/run` says about how a job has ended.
final class LaunchScriptTests: CommandLineTestCase {
    func testASignalThatEndsARankIsNamed() throws {
        let resume = "if it wrote checkpoints, go on with `normtrain resume` and the run's folder.\n"
        for (signal, hint) in [("KILL", ", most often because memory ran out"), ("SEGV", ""), ("ILL", "")] {
            let outcome = try launch("kill -\(signal) $$")
            XCTAssertEqual(outcome.errors, "run: a rank was ended by the signal \(signal)\(hint); \(resume)")
        }
    }

    /// Open MPI ends with 205 when it lost a connection: no signal has the number 77.
    func testAStatusThatIsNoSignalIsNotTakenForOne() throws {
        // 145 would be the signal of a child that ended, which ends no program.
        for status: Int32 in [145, 205, 255] {
            let outcome = try launch("exit \(status)")
            XCTAssertEqual(outcome.status, status)
            XCTAssertEqual(
                outcome.errors,
                "run: mpirun ended with status \(status), an error of its own: without -q it says more.\n")
        }
    }

    /// Open MPI binds a rank to one core unless it is told otherwise.
    func testARankOfTwoThreadsMayUseTwoCores() throws {
        try XCTSkipIf(ProcessInfo.processInfo.activeProcessorCount < 2, "needs two cores")
        for arguments in [["--threads", "2"], ["--threads=2"]] {
            let outcome = try launch("nproc", arguments)
            let cores = try XCTUnwrap(Int(outcome.output.trimmingCharacters(in: .newlines)), outcome.errors)
            XCTAssertGreaterThanOrEqual(cores, 2)
        }
    }

    func testWhatTheProgramSaysStandsAlone() throws {
        let outcome = try launch("echo normtrain: wrong. >&2; exit 1")
        XCTAssertEqual(outcome.status, 1)
        XCTAssertEqual(outcome.errors, "normtrain: wrong.\n")
    }

    /// mpirun itself says nothing, and ends with 0.
    func testResultsThatCannotBePrintedAreAFailure() throws {
        for redirection in [">/dev/full", ">&-"] {
            let outcome = try launch("echo results", in: "exec \"$@\" \(redirection)")
            XCTAssertEqual(outcome.status, 1, redirection)
            XCTAssertEqual(
                outcome.errors,
                "run: the results can't be printed: standard output is full, closed, or has no reader any more.\n")
        }
        XCTAssertEqual(try launch("echo results").output, "results\n")
    }

    func testStandardInputIsHandedOnOnlyWhereItIsAskedFor() throws {
        let script = "echo text | \"$@\""
        for arguments in [["--config", "-"], ["--config", "/dev/stdin"], ["--config=-"]] {
            XCTAssertEqual(try launch("cat", arguments, in: script).output, "text\n", "\(arguments)")
        }
        XCTAssertEqual(try launch("cat", ["--config", "file"], in: script).output, "")
    }

    func testAProgramThatIsNotThereIsNamed() throws {
        let outcome = try start(Self.launchFolder + "/run", [], environment: ["NORMTRAIN_BINARY": path("none")])
        XCTAssertEqual(outcome.status, 1)
        XCTAssertEqual(outcome.errors, "run: NORMTRAIN_BINARY names no program: \(path("none")).\n")
    }

    /// Starts `launch/run` with a program in place of normtrain's, on one rank.
    ///
    /// - Parameter script: what a shell does, in which `"$@"` stands for that.
    private func launch(
        _ program: String, _ arguments: [String] = [], in script: String = "exec \"$@\""
    ) throws -> Outcome {
        try write("#!/bin/bash\n\(program)\n", to: "program")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path("program"))
        return try start(
            "bash", ["-c", script, "bash", Self.launchFolder + "/run", "-np", "1"] + arguments,
            environment: ["NORMTRAIN_BINARY": path("program")], mayBeKilled: true)
    }
}
