import Foundation
import XCTest

/// Runs that lose a rank at any moment.
final class KilledRankTests: InterruptionTestCase {
    /// 16 images among 4 workers, each of which takes its own in one step: 32 steps.
    private static let shortTraining = [
        "train", "--norm", "bn", "--quiet", "--dataset", "digits", "--train-images", "16", "--workers", "4",
        "--batch", "4", "--epochs", "32", "--checkpoint-every", "2",
    ]

    /// `kill -9` comes while the job is being started, while it trains, writes checkpoints, evaluates or writes its
    /// results. It is drawn anew when the job has ended before it comes.
    func testTwentyKilledRanksEndTheirJobsAndTheRunsGoOn() throws {
        try assertWorks(Self.shortTraining + ["--out", "whole"], ranks: 1)
        let expected = try FinalState(path("whole"))
        let (secondsToCheckpoint, secondsAfterIt) = try secondsOnThreeRanks()
        let seed = UInt64.random(in: 0..<1_000_000)
        var generator = SplitMix(state: seed)
        var (hits, resumed, tries) = (0, 0, 0)
        while hits < 20 {
            tries += 1
            guard tries <= 60 else { return XCTFail("seed \(seed): only \(hits) of \(tries) kills hit a running job") }
            let run = "run\(tries)"
            let ranks = Int.random(in: 2...4, using: &generator)
            let launcher: RunningJob.Launcher = Bool.random(using: &generator) ? .plainly : .script
            let job = try start(Self.shortTraining + ["--out", run], ranks: ranks, by: launcher)
            try job.wait(for: "\(ranks) ranks") { job.ranks.count == ranks }
            // One of four before there is anything to go on from.
            var seconds = secondsToCheckpoint
            if !tries.isMultiple(of: 4) {
                seconds = secondsAfterIt
                try job.wait(for: "checkpoint") { !checkpoints(run).isEmpty }
            }
            usleep(UInt32.random(in: 0..<UInt32(seconds * 1e6), using: &generator))
            let victim = try XCTUnwrap(job.ranks.randomElement(using: &generator) ?? 0)
            guard victim > 0, let rank = RunningJob.rank(of: victim), kill(victim, SIGKILL) == 0 else {
                _ = try job.end()
                continue
            }
            let outcome = try job.end(within: 10)
            // A rank that is gone before it can be killed leaves status 0.
            if outcome.status == 0 { continue }
            hits += 1
            let context = "seed \(seed), try \(tries), rank \(rank) of \(ranks): \(outcome.errors)"
            XCTAssertEqual(outcome.status, 128 + SIGKILL, context)
            assertOneSentence(outcome, rank: rank, launcher, context)
            let others = (1...4).filter { $0 != ranks }
            if try resume(run, ranks: others.randomElement(using: &generator) ?? 1, context) {
                resumed += 1
                XCTAssertEqual(try FinalState(path(run)), expected, context)
            }
        }
        print("seed \(seed): \(resumed) of \(hits) runs, of \(tries) begun, went on from a checkpoint")
        XCTAssertGreaterThan(resumed, 5, "seed \(seed): too few kills came after a checkpoint")
    }

    /// From the moment when all ranks are there to the first checkpoint, and from then to the end.
    private func secondsOnThreeRanks() throws -> (toCheckpoint: Double, afterIt: Double) {
        let job = try start(Self.shortTraining + ["--out", "three"], ranks: 3)
        try job.wait(for: "3 ranks") { job.ranks.count == 3 }
        let begun = Date()
        try job.wait(for: "checkpoint") { !checkpoints("three").isEmpty }
        let written = Date()
        XCTAssertEqual(try job.end().status, 0)
        return (written.timeIntervalSince(begun), Date().timeIntervalSince(written))
    }

    /// The sentence of mpirun, or that of `launch/run`, and nothing that sends the user astray.
    private func assertOneSentence(
        _ outcome: Outcome, rank: Int, _ launcher: RunningJob.Launcher, _ context: String
    ) {
        // A peer that was reading the memory of the victim says so, inside of Open MPI.
        let lines = outcome.errors.split(separator: "\n").filter { !$0.contains("] Read -1, expected ") }
        switch launcher {
        case .script:
            XCTAssertEqual(
                lines.joined(separator: "\n"),
                "run: a rank was ended by the signal KILL, most often because memory ran out; if it wrote checkpoints, "
                    + "go on with `normtrain resume` and the run's folder.", context)
        case .plainly, .quietly:
            let told = lines.filter { $0.hasPrefix("mpirun noticed that process rank \(rank) ") }
            XCTAssertEqual(told.count, 1, context)
            XCTAssertTrue(told.allSatisfy { $0.contains("exited on signal 9 (Killed)") }, context)
            XCTAssertFalse(outcome.errors.contains("normtrain:"), context)
        }
    }

    /// Goes on with a run.
    ///
    /// - Returns: whether there was something to go on with; if not, it was refused with the sentence that is due.
    private func resume(_ run: String, ranks: Int, _ context: String) throws -> Bool {
        let files = FileManager.default
        if files.fileExists(atPath: path("\(run)/result.json")) {
            try assertRefused(["resume", run], "\(run): this run is finished; there is nothing to resume.")
        } else if !files.fileExists(atPath: path(run)) {
            try assertRefused(["resume", run], "\(run): there is no such folder; name that of an interrupted run.")
        } else if checkpoints(run).isEmpty {
            // The killed process's lock goes with the first one that looks; nothing else may change.
            try? files.removeItem(atPath: path("\(run)/.lock"))
            try assertRefused(
                ["resume", run],
                "\(run): there is no checkpoint to resume from; start the run anew, with --checkpoint-every.")
        } else {
            let outcome = try assertWorks(["resume", run, "--quiet"], ranks: ranks)
            XCTAssertEqual(outcome.errors, "", context)
            return true
        }
        return false
    }
}

/// Steele, Lea and Flood's generator: the same moments from the same seed.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
