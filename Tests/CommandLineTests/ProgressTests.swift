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

    /// On a terminal, made here by `script`.
    func testOnATerminalALineIsWrittenOverAndWipedAtTheEnd() throws {
        func shown(_ options: String) throws -> String {
            let training = smallRun("syncbn", "--train-images", "800").joined(separator: " ")
            return try start(
                "script",
                ["-qc", "mpirun -q --oversubscribe -np 2 \(Self.binary) \(training) \(options)", "/dev/null"]
            ).output.replacingOccurrences(of: "\r\n", with: "\n")
        }
        let wipe = "\r\u{1B}[K"
        let parts = try shown("").components(separatedBy: wipe)
        XCTAssertEqual(parts.first, "")
        XCTAssertGreaterThan(parts.count, 2)
        for line in parts.dropFirst().dropLast() {
            XCTAssertTrue(line.hasPrefix("syncbn  epoch ") && line.hasSuffix(" s left"), line)
            XCTAssertLessThan(line.count, 80)
        }
        XCTAssertTrue(parts[parts.count - 1].hasPrefix("digits: 800 training"), parts[parts.count - 1])

        let failed = try shown("--lr 1e30").components(separatedBy: wipe)
        XCTAssertTrue(failed[failed.count - 1].hasPrefix("normtrain: the loss of step 2 "), "\(failed)")
    }
}
