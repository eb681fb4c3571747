import XCTest

/// What a user sees while a run goes on.
final class ProgressTests: CommandLineTestCase {
    func testQuietMeansSilenceOnStandardError() throws {
        let outcome = try assertWorks(smallRun("gn", "--quiet"))
        XCTAssertEqual(outcome.errors, "")
        XCTAssertEqual(outcome.outputLines[0], "digits: 22 training and 360 test images, 1 epoch")
        XCTAssertEqual(outcome.outputLines[1], "2 workers of batch 2 on 2 ranks, seed 1")
    }

    func testProgressGoesToStandardErrorAsALineAnEpoch() throws {
        let outcome = try assertWorks(smallRun("gn", "--epochs", "2"))
        let lines = outcome.errors.split(separator: "\n").map(String.init)
        XCTAssertEqual(lines.count, 2, outcome.errors)
        XCTAssertTrue(lines[0].hasPrefix("gn      epoch 1/2  step 6/12  loss "), outcome.errors)
        XCTAssertTrue(lines[1].hasPrefix("gn      epoch 2/2  step 12/12  loss "), outcome.errors)
    }

    func testOnATerminalALineIsWrittenOverAndWipedAtTheEnd() throws {
        let wipe = "\r\u{1B}[K"
        let parts = try shownOnTerminal("").components(separatedBy: wipe)
        XCTAssertEqual(parts.first, "")
        XCTAssertGreaterThan(parts.count, 2)
        for line in parts.dropFirst().dropLast() {
            XCTAssertTrue(line.hasPrefix("syncbn  epoch ") && line.hasSuffix(" s left"), line)
            XCTAssertLessThan(line.count, 80)
        }
        XCTAssertTrue(parts[parts.count - 1].hasPrefix("digits: 800 training"), parts[parts.count - 1])

        let failed = try shownOnTerminal("--lr 1e30").components(separatedBy: wipe)
        XCTAssertTrue(failed[failed.count - 1].hasPrefix("normtrain: the loss of step 2 "), "\(failed)")
    }

    /// 50 columns, of which the last stays free: a line that is broken in two is written over only by half.
    func testANarrowTerminalIsNotFilled() throws {
        let parts = try shownOnTerminal("", setUp: "stty cols 50").components(separatedBy: "\r\u{1B}[K")
        XCTAssertGreaterThan(parts.count, 2)
        for line in parts.dropFirst().dropLast() {
            XCTAssertTrue(line.hasPrefix("syncbn  step ") && line.hasSuffix(" s left"), line)
            XCTAssertLessThan(line.count, 50)
        }
    }

    func testTerminalsWithoutEscapesGetALineAnEpoch() throws {
        for (kind, variable) in [("dumb", "NO_COLOR="), ("xterm", "NO_COLOR=1")] {
            let shown = try shownOnTerminal("--epochs 2", setUp: "export \(variable)", kind: kind)
            XCTAssertFalse(shown.contains("\u{1B}"), shown)
            XCTAssertFalse(shown.contains("\r"), shown)
            let lines = shown.split(separator: "\n").filter { $0.hasPrefix("syncbn  epoch ") }
            XCTAssertEqual(lines.count, 2, shown)
        }
    }

    func testARunOfOneStepShowsItsStep() throws {
        let outcome = try assertWorks(
            ["train", "--norm", "gn", "--dataset", "digits", "--train-images", "10", "--batch", "5", "--workers", "2"]
                + ["--epochs", "1", "--out", "run"])
        XCTAssertTrue(outcome.errors.hasPrefix("gn      epoch 1/1  step 1/1  loss "), outcome.errors)
        XCTAssertTrue(outcome.errors.hasSuffix("images/s  0 s left\n"), outcome.errors)
    }

    /// What standard error and output show on a terminal, made here by `script`.
    private func shownOnTerminal(_ options: String, setUp: String = "true", kind: String = "xterm") throws -> String {
        let training = smallRun("syncbn", "--train-images", "800").joined(separator: " ")
        return try start(
            "script",
            ["-qc", "\(setUp); mpirun -q --oversubscribe -np 2 \(Self.binary) \(training) \(options)", "/dev/null"],
            environment: ["TERM": kind]
        ).output.replacingOccurrences(of: "\r\n", with: "\n")
    }
}
