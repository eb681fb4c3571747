import Foundation
import XCTest

/// Signals that people and batch systems send.
final class SignalTests: InterruptionTestCase {
    private static let signals = [SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU]

    func testEachSignalStopsATrainingWithACheckpoint() throws {
        for signal in Self.signals {
            let job = try start(arguments(), ranks: 2)
            try job.waitUntilItListens(ranks: 2)
            kill(try XCTUnwrap(job.ranks.last), signal)
            assertStopped(try job.end(), "run")
            XCTAssertEqual(checkpoints().count, 1, "signal \(signal)")
            XCTAssertEqual(try RunFiles(path: path("run")).status(), "interrupted")
        }
    }

    /// So that in `train && eval` the second does not begin.
    func testAStoppedRunEndsWithTheStatusOfATemporaryFailureUnderEachLauncher() throws {
        for launcher in RunningJob.Launcher.allCases {
            let job = try start(arguments(), ranks: 2, by: launcher)
            try job.waitUntilItListens(ranks: 2)
            kill(job.mpirun, SIGUSR1)
            let outcome = try job.end()
            XCTAssertEqual(outcome.status, 75, "\(launcher): \(outcome.errors)")
            XCTAssertTrue(
                outcome.errors.contains("go on with: mpirun -np 2 normtrain resume run.\n"), outcome.errors)
        }
    }

    func testTheScriptTakesEverySignalForAWishToStop() throws {
        for signal in Self.signals {
            let job = try start(arguments(), ranks: 2, by: .script)
            try job.waitUntilItListens(ranks: 2)
            kill(job.mpirun, signal)
            assertStopped(try job.end(), "run")
        }
    }

    /// What trains nothing is ended at once, on all ranks.
    func testSIGTERMToARankEndsWhatDoesNotTrain() throws {
        try assertWorks(smallRun("bn", "--workers", "3", "--quiet"))
        let commands = [
            ["bench", "--steps", "1000000", "--norm", "gn", "--batch", "2"],
            ["bench", "kernels", "--rounds", "1000000"],
            ["verify"], ["eval", "run"], ["export", "run", "--pytorch", "file"],
        ]
        for arguments in commands {
            let job = try start(arguments, ranks: 2)
            try job.waitUntilItListens(ranks: 2)
            kill(try XCTUnwrap(job.ranks.last), SIGTERM)
            let outcome = try job.end(within: 10)
            XCTAssertEqual(outcome.status, 128 + SIGTERM, "\(arguments): \(outcome.errors)")
        }
        XCTAssertEqual(try entries().filter { $0.contains("file") }, [])
    }

    /// The weights are there by then, and can be evaluated later.
    func testSIGTERMEndsTheLastEvaluationAtOnceAndTheWeightsStay() throws {
        let options = ["--dataset", "digits", "--train-images", "400", "--evaluate", "layerwise", "--batch", "40"]
        let slow = ["--precise-images", "1000000", "--epochs", "1", "--model", "resnet20", "--workers", "2"]
        let job = try start(["train", "--norm", "bn", "--quiet", "--out", "run"] + options + slow, ranks: 2)
        let weights = path("run/weights.safetensors")
        try job.wait(for: "weights") { FileManager.default.fileExists(atPath: weights) }
        kill(try XCTUnwrap(job.ranks.last), SIGTERM)
        let outcome = try job.end(within: 5)
        XCTAssertEqual(outcome.status, 128 + SIGTERM, outcome.errors)
        XCTAssertFalse(FileManager.default.fileExists(atPath: path("run/result.json")))
        try assertWorks(["eval", "run", "--evaluate", "pooled"])
    }

    func testANohupThatTheProgramWasStartedWithIsRespected() throws {
        let script = """
            trap '' HUP; "$0" "$@" & until [ -e run/metrics.csv ]; do sleep 0.01; done; kill -HUP $! || exit 9; wait $!
            """
        let outcome = try start("bash", ["-c", script, Self.binary] + arguments("--epochs", "200"))
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertEqual(try RunFiles(path: path("run")).metrics().count, 1 + 800)
    }

    func testTheCommandToGoOnIsQuotedAndStartsAsManyRanks() throws {
        let out = "my 'run'"
        let job = try start(arguments(out: out), ranks: 3)
        try job.waitUntilItListens(ranks: 3)
        kill(job.mpirun, SIGUSR1)
        let told = try job.end().errors
        let command = try XCTUnwrap(told.firstMatch(of: /go on with: (mpirun -np 3 normtrain resume .*)\.\n/)).1
        let typed = command.replacing("mpirun", with: "mpirun --oversubscribe")
            .replacing("normtrain", with: Self.binary)
        let outcome = try start("sh", ["-c", typed + " --quiet"])
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertEqual(try RunFiles(path: path(out)).status(), "finished")
    }
}
