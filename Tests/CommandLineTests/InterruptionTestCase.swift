import Foundation
import XCTest

/// A test that interrupts a run and compares what comes of it with the run that nobody interrupted.
class InterruptionTestCase: CommandLineTestCase {
    /// What must not depend on interruptions.
    struct FinalState: Equatable {
        let digest: String
        /// Step, loss and rate of each row of `metrics.csv`.
        let steps: [[String]]
        /// The text of `epochs.csv`, where there is one.
        let epochs: String?
        let loss: Double
        let error: Double

        init(_ run: String) throws {
            let files = RunFiles(path: run)
            digest = try files.text("weights_sha256")
            steps = try files.metrics().map { Array($0.prefix(3)) }
            epochs = try? String(contentsOfFile: "\(run)/epochs.csv", encoding: .utf8)
            loss = try files.number("train_loss")
            error = try files.number("test_error_percent")
        }
    }

    /// Steps of `training`: 24 images among 3 workers, in batches of 2, 30 times.
    static let steps = 120
    /// A training of several seconds on several ranks.
    static let training =
        ["--dataset", "digits", "--train-images", "24", "--epochs", "30", "--workers", "3", "--batch", "2"]

    /// Arguments of a run with per-worker statistics, of which each rank keeps its own.
    func arguments(_ options: String..., out: String = "run") -> [String] {
        ["train", "--norm", "bn", "--quiet", "--out", out] + Self.training + options
    }

    func start(
        _ arguments: [String], ranks: Int, by launcher: RunningJob.Launcher = .quietly
    ) throws -> RunningJob {
        try RunningJob(arguments, ranks: ranks, by: launcher, in: folder)
    }

    /// How the run ends that nobody interrupts, on one rank.
    func uninterrupted() throws -> FinalState {
        try assertWorks(arguments(out: "uninterrupted"), ranks: 1)
        let ending = try FinalState(path("uninterrupted"))
        XCTAssertEqual(ending.steps.dropFirst().map { $0[0] }, (1...Self.steps).map(String.init))
        return ending
    }

    /// Stops a run after its first steps, and leaves its folder with a checkpoint.
    func stopEarly(_ options: String..., ranks: Int = 1, out: String = "run") throws {
        let job = try start(arguments(out: out) + options, ranks: ranks)
        try job.waitUntilItListens(ranks: ranks)
        kill(job.mpirun, SIGUSR1)
        assertStopped(try job.end(), out)
    }

    /// Expects the exit status of a temporary failure and one line that tells how to go on.
    func assertStopped(_ outcome: Outcome, _ run: String, line: UInt = #line) {
        XCTAssertEqual(outcome.status, 75, outcome.errors, line: line)
        XCTAssertEqual(outcome.output, "", line: line)
        // The whole of it is one line; the step is whichever was under way.
        XCTAssertEqual(
            outcome.errors.replacing(/[0-9]+/, with: "N").replacing("mpirun -np N ", with: ""),
            "normtrain: stopped after step N as a signal asked; go on with: normtrain resume \(run).\n", line: line)
        XCTAssertFalse(FileManager.default.fileExists(atPath: path("\(run)/result.json")), line: line)
    }

    /// This host's name, as the kernel has it.
    func hostName() throws -> String {
        try String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8).trimmingCharacters(in: .newlines)
    }

    /// Names of a run's checkpoints, oldest first.
    func checkpoints(_ run: String = "run") -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path(run))) ?? []
        return names.filter { $0.hasPrefix("checkpoint-") }.sorted()
    }

    /// Flips a bit in the middle of a file.
    func damage(_ name: String) throws {
        let url = URL(fileURLWithPath: path(name))
        var bytes = try Data(contentsOf: url)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: url)
    }
}
