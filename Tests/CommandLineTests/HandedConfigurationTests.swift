import Foundation
import XCTest

/// A configuration that is no file on every rank's disk: `--config` takes whatever rank 0 can read.
final class HandedConfigurationTests: CommandLineTestCase {
    private static let configuration = """
        seed: 7
        dataset: {name: digits, trainImages: 22}
        training: {epochs: 1, batch: 2}
        """

    /// Starts something in a shell, in which `"$@"` stands for mpirun with the program on three ranks.
    private func shell(_ script: String, seconds: Int = 60) throws -> Outcome {
        let launcher = ["mpirun", "-q", "--oversubscribe", "-np", "3", Self.binary]
        return try start("bash", ["-c", script, "bash"] + launcher, seconds: seconds)
    }

    private func digest(_ run: String) throws -> String { try RunFiles(path: path(run)).text("weights_sha256") }

    override func setUpWithError() throws {
        try super.setUpWithError()
        try write(Self.configuration, to: "run.yaml")
    }

    func testAConfigurationThroughStandardInputIsThatOfTheFile() throws {
        try assertWorks(["train", "--config", "run.yaml", "--norm", "bn", "--workers", "3", "--out", "file"], ranks: 3)
        let options = "--norm bn --workers 3 --quiet --out"
        for (name, script) in [
            ("stdin", "\"$@\" train --config /dev/stdin \(options) stdin <run.yaml"),
            ("dash", "cat run.yaml | \"$@\" train --config - \(options) dash"),
        ] {
            let outcome = try shell(script)
            XCTAssertEqual(outcome.status, 0, outcome.errors)
            XCTAssertEqual(try digest(name), try digest("file"))
            XCTAssertEqual(try RunFiles(path: path(name)).number("seed"), 7)
        }
    }

    func testANamedPipeIsReadOnceForAllRanks() throws {
        let outcome = try shell(
            "mkfifo pipe; cat run.yaml >pipe & \"$@\" train --config pipe --norm bn --workers 3 --quiet --out run")
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertEqual(try RunFiles(path: path("run")).number("seed"), 7)
    }

    /// Each rank has a folder of its own, and only that of the first holds the file.
    func testOnlyTheFirstRankNeedsTheFile() throws {
        try write(
            """
            mkdir -p $OMPI_COMM_WORLD_RANK
            [ $OMPI_COMM_WORLD_RANK = 0 ] && cp run.yaml 0/own.yaml
            cd $OMPI_COMM_WORLD_RANK
            exec "$@"
            """, to: "apart")
        let options = ["--config", "own.yaml", "--norm", "bn", "--workers", "3", "--quiet", "--out", path("run")]
        let outcome = try mpirun(["-np", "3", "bash", "apart", Self.binary, "train"] + options)
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertEqual(try RunFiles(path: path("run")).number("seed"), 7)
    }

    func testAMistakeIsToldOnceWithItsLine() throws {
        try write("seed: 3\ntraining:\n  epoch: 1\n", to: "run.yaml")
        for command in ["train", "compare"] {
            assertRefused(
                try shell("\"$@\" \(command) --config /dev/stdin <run.yaml"),
                "/dev/stdin:3: expected a key of training, found 'epoch'; did you mean 'epochs'?")
        }
    }

    func testWhatIsNoConfigurationIsRefused() throws {
        for (input, reason) in [
            ("</dev/null", "it is empty"), ("</dev/zero", "it has more than 1048576 bytes, or no end"),
        ] {
            let outcome = try start(
                "bash", ["-c", "exec \"$0\" train --config /dev/stdin \(input)", Self.binary])
            assertRefused(outcome, "/dev/stdin: the file can't be read (\(reason)).")
        }
        let closed = try start("bash", ["-c", "exec \"$0\" train --config - <&-", Self.binary])
        assertRefused(closed, "-: the file can't be read (it is closed).")
    }

    func testConfigReadsStandardInputToo() throws {
        let outcome = try shell("\"$@\" config --config - --seed 8 <run.yaml")
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertEqual(outcome.outputLines.count { $0.hasPrefix("seed: 8") }, 1, outcome.output)
        XCTAssertEqual(outcome.outputLines.count { $0.contains("trainImages: 22 ") }, 1, outcome.output)
    }
}
