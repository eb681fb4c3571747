import Foundation
import TestSupport
import XCTest

/// Faults after the last step lose nothing that was trained.
final class LostResultTests: InterruptionTestCase {
    private let full = "the file can't be written (No space left on device).\n"

    /// Trains on one rank under strace.
    private func train(_ tracing: [String]) throws -> Outcome {
        try start(
            "strace", ["-y", "-o", path("trace")] + tracing + [Self.binary] + smallRun("bn", "--quiet", "--profile"))
    }

    /// Trains with a disk that is full when a file is to appear.
    private func train(withoutRoomFor file: String) throws -> Outcome {
        XCTAssertEqual(try train(["-e", "trace=rename"]).status, 0)
        let trace = Trace(try String(contentsOfFile: path("trace"), encoding: .utf8))
        let call = try XCTUnwrap(trace.calls.last { $0.isOf("rename", "/\(file)\"") })
        return try train(["-e", "trace=rename", "-e", "inject=rename:error=ENOSPC:when=\(call.occurrence)"])
    }

    override func setUpWithError() throws {
        try super.setUpWithError()
        try XCTSkipIf(try start("strace", ["-o", "trial", "true"]).status != 0, "system calls can't be traced here")
    }

    func testTheTableIsPrintedWhenAFileCannotBeWritten() throws {
        for file in ["result.json", "weights.safetensors", "profile.txt"] {
            let outcome = try train(withoutRoomFor: file)
            XCTAssertEqual(outcome.status, 1, file)
            XCTAssertEqual(outcome.errors, "normtrain: run/\(file): \(full)")
            XCTAssertTrue(outcome.output.contains("\nbn       worker"), outcome.output)
            XCTAssertFalse(outcome.output.contains("Written to"), outcome.output)
            XCTAssertEqual(try RunFiles(path: path("run")).status(), "failed")
            let hasWeights = file != "weights.safetensors"
            XCTAssertEqual(FileManager.default.fileExists(atPath: path("run/weights.safetensors")), hasWeights)
            if hasWeights { XCTAssertEqual(try normtrain(["eval", "run"], ranks: 1).status, 0) }
        }
    }

    /// They are kept, and written with the next row that there is room for; here there never is.
    func testRowsThatCannotBeWrittenDoNotEndTheTraining() throws {
        let rows = path("run/metrics.csv")
        let outcome = try train(["-P", rows, "-e", "trace=write", "-e", "inject=write:error=ENOSPC"])
        XCTAssertEqual(outcome.status, 1)
        let sentence = "normtrain: run/metrics.csv: \(full)"
        XCTAssertEqual(
            outcome.errors, sentence.dropLast() + " The run goes on, and tries again after each step.\n" + sentence)
        XCTAssertTrue(outcome.output.contains("\nbn       worker"), outcome.output)
        XCTAssertEqual(try normtrain(["eval", "run"], ranks: 1).status, 0)
    }

    /// They are kept too, and written after the next step.
    func testEventsThatCannotBeWrittenAtOnceAreWrittenLater() throws {
        XCTAssertEqual(try train(["-e", "trace=rename"]).status, 0)
        let trace = Trace(try String(contentsOfFile: path("trace"), encoding: .utf8))
        let call = try XCTUnwrap(trace.calls.last { $0.isOf("rename", "run/events.out.tfevents.") })
        let outcome = try train(["-e", "trace=rename", "-e", "inject=rename:error=ENOSPC:when=\(call.occurrence)"])
        XCTAssertEqual(outcome.status, 0)
        let warning = "run/events: " + full.dropLast() + " The run goes on, and tries again after each step.\n"
        XCTAssertEqual(
            outcome.errors.replacing(/events\.out\.tfevents\.[^:]+/, with: "events"), "normtrain: \(warning)")
        let files = try ReadEvent.files(in: path("run"))
        XCTAssertEqual(files.count, 1)
        try Python.require("tensorboard", "numpy")
        // 22 images of one worker in batches of 2: two that every file begins with, the beginning, 11 steps, two for the epoch and
        // two for the end.
        XCTAssertEqual(try ReadEvent.events(of: files[0]).count, 2 + 1 + 11 + 2 + 2)
    }

    /// The rate is too high for a network without norms, and for the others only foolish.
    func testAComparisonPrintsTheVariantsThatAreFinishedWhenALaterOneDiverges() throws {
        let outcome = try normtrain(
            ["compare", "--norms", "bn,gn,none", "--lr", "30", "--quiet", "--out", "run"] + Self.smallTraining)
        XCTAssertEqual(outcome.status, 1)
        XCTAssertTrue(outcome.errors.hasPrefix("normtrain: none: the loss of step "), outcome.errors)
        XCTAssertEqual(outcome.errors.filter(\.isNewline).count, 1)
        XCTAssertTrue(outcome.output.contains("\nbn       worker"), outcome.output)
        XCTAssertTrue(outcome.output.contains("\ngn       sample"), outcome.output)
        XCTAssertFalse(outcome.output.contains("none"), outcome.output)
        for (folder, status) in [("run", "diverged"), ("run/none", "diverged"), ("run/gn", "finished")] {
            XCTAssertEqual(try RunFiles(path: path(folder)).status(), status, folder)
        }
        try assertWorks(["eval", "run/gn"])
    }
}
