import Foundation
import XCTest

/// Streams that take nothing: the disk is full, the stream was closed before the start, its reader has left.
///
/// On one rank, started by a shell: under mpirun the streams of a rank are mpirun's own.
final class StandardStreamTests: CommandLineTestCase {
    private static let runFiles = [
        "config.yaml", "epochs.csv", "events", "metrics.csv", "report.html", "report.md", "result.json", "run.json",
        "weights.safetensors",
    ]

    /// What a shell does before it starts the program, for each way in which a stream can fail, and the system's words.
    private func faults(of stream: Int) -> [(redirection: String, reason: String)] {
        [
            ("\(stream)>/dev/full", "No space left on device"),
            ("\(stream)>&-", "Bad file descriptor"),
            ("\(stream)>&3", "Broken pipe"),
        ]
    }

    /// Starts the program with a stream led elsewhere; descriptor 3 is a pipe without a reader.
    private func normtrain(_ arguments: [String], _ redirection: String) throws -> Outcome {
        try start(
            "bash",
            ["-c", "exec 3> >(exec true); wait $!; exec \"$0\" \"$@\" \(redirection)", Self.binary] + arguments)
    }

    private func filesOfTheRun() throws -> [String] { try names(in: "run") }

    func testWhatCannotBeShownOnStandardErrorEndsNoRun() throws {
        for fault in faults(of: 2) {
            let outcome = try normtrain(smallRun("syncbn"), fault.redirection)
            XCTAssertEqual(outcome.status, 0, fault.redirection)
            XCTAssertTrue(
                outcome.output.hasSuffix("\nWritten to run.\nnext: open run/report.html\n"), fault.redirection)
            XCTAssertEqual(try filesOfTheRun(), Self.runFiles, fault.redirection)
            try FileManager.default.removeItem(atPath: path("run"))
        }
    }

    /// A file that is opened gets the lowest free number: the second would be that of standard error.
    func testWhatIsMeantForAClosedStreamGetsIntoNoFile() throws {
        let closed = try normtrain(smallRun("syncbn"), "<&- >&- 2>&-")
        XCTAssertEqual(closed.status, 1)
        XCTAssertEqual(try filesOfTheRun(), Self.runFiles)
        let files = try FileManager.default.contentsOfDirectory(atPath: path("run")).map {
            try Data(contentsOf: URL(fileURLWithPath: path("run/\($0)")))
        }
        let words = ["standard output", "epoch 1/1", "Written to", "next: open"].map { Data($0.utf8) }
        for file in files { XCTAssertTrue(words.allSatisfy { file.range(of: $0) == nil }) }
    }

    func testARunWhoseTableCannotBePrintedFailsAndAllOfItsFilesAreThere() throws {
        let compare = ["compare", "--norms", "bn,syncbn"] + Self.smallTraining + ["--out", "run"]
        for command in [smallRun("syncbn"), compare] {
            for fault in faults(of: 1) {
                let outcome = try normtrain(command + ["--quiet"], fault.redirection)
                assertRefused(
                    outcome,
                    "standard output: the results can't be printed (\(fault.reason)); they are in the files of run.")
                let result = try RunFiles(path: path("run")).result()
                XCTAssertNotNil(command == compare ? result["runs"] : result["scores"], fault.redirection)
                try FileManager.default.removeItem(atPath: path("run"))
            }
        }
    }

    func testWhateverElseCannotBePrintedIsAFailureToo() throws {
        try assertWorks(smallRun("syncbn", "--quiet"), ranks: 1)
        let commands = [
            ["bench", "--json", "--dataset", "digits", "--steps", "1", "--norm", "none", "--batch", "1"],
            ["bench", "kernels", "--json", "--dataset", "digits", "--rounds", "1", "--batch", "1"], ["config"],
            ["eval", "run"], ["export", "run", "--pytorch", "weights"], ["--help"], ["help", "train"],
        ]
        for command in commands {
            for fault in faults(of: 1) {
                assertRefused(
                    try normtrain(command, fault.redirection),
                    "standard output: nothing more can be printed (\(fault.reason)).")
            }
        }
        XCTAssertTrue(FileManager.default.fileExists(atPath: path("weights")))
    }

    func testAllRanksEndWhenTheFirstCannotPrint() throws {
        try write("#!/bin/bash\nexec \"$@\" >/dev/full\n", to: "full")
        let outcome = try mpirun(["-np", "3", "bash", "full", Self.binary] + smallRun("syncbn", "--quiet"))
        assertRefused(
            outcome,
            "standard output: the results can't be printed (No space left on device); they are in the files of run.")
        XCTAssertEqual(try filesOfTheRun(), Self.runFiles)
    }
}
