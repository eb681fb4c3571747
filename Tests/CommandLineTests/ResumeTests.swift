import Foundation
import XCTest

/// Runs that a signal stops, or that lose a rank, end as if nothing had happened.
final class ResumeTests: InterruptionTestCase {
    func testARunStoppedBySIGUSR1GoesOnOnAnyNumberOfRanks() throws {
        let expected = try uninterrupted()
        for (ranks, resumed) in [(2, 1), (1, 3)] {
            let job = try start(arguments(), ranks: ranks)
            try job.waitUntilItListens(ranks: ranks)
            kill(job.mpirun, SIGUSR1)
            assertStopped(try job.end(), "run")
            XCTAssertEqual(checkpoints().count, 1)
            try assertWorks(["resume", "run", "--quiet"], ranks: resumed)
            XCTAssertEqual(try Ending(path("run")), expected, "stopped on \(ranks) and resumed on \(resumed)")
        }
    }

    func testSIGTERMToASingleRankStopsAllOfThem() throws {
        let expected = try uninterrupted()
        let job = try start(arguments("--checkpoint-every", "5"), ranks: 2)
        try job.wait(for: "checkpoint") { !checkpoints().isEmpty }
        kill(try XCTUnwrap(job.ranks.last), SIGTERM)
        assertStopped(try job.end(), "run")
        try assertWorks(["resume", "run", "--quiet"], ranks: 1)
        XCTAssertEqual(try Ending(path("run")), expected)
    }

    func testASecondSignalEndsARunAtOnce() throws {
        let job = try start(arguments(), ranks: 1)
        try job.waitUntilItListens(ranks: 1)
        let rank = try XCTUnwrap(job.ranks.first)
        // While it is held, two different signals are kept for it; two of a kind would be one.
        kill(rank, SIGSTOP)
        kill(rank, SIGUSR1)
        kill(rank, SIGTERM)
        kill(rank, SIGCONT)
        let outcome = try job.end(within: 5)
        XCTAssertTrue([128 + SIGUSR1, 128 + SIGTERM].contains(outcome.status), "\(outcome.status)")
        XCTAssertEqual(checkpoints(), [])
    }

    func testARankThatIsKilledEndsTheJobAndTheRunGoesOn() throws {
        let expected = try uninterrupted()
        let seed = UInt64.random(in: 0..<1_000_000)
        print("Moments drawn from seed \(seed)")
        var state = seed
        for resumed in [1, 3, 1] {
            // A linear congruential generator: Knuth's MMIX.
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let run = "run\(resumed)-\(state)"
            let job = try start(arguments("--checkpoint-every", "3", out: run), ranks: 2)
            try job.wait(for: "checkpoint") { !checkpoints(run).isEmpty }
            usleep(UInt32(state >> 32) % 400_000)
            let ranks = job.ranks
            XCTAssertEqual(ranks.count, 2)
            kill(ranks[Int(state >> 16 & 1)], SIGKILL)
            let outcome = try job.end(within: 10)
            XCTAssertNotEqual(outcome.status, 0)
            try assertWorks(["resume", run, "--quiet"], ranks: resumed)
            XCTAssertEqual(try Ending(path(run)), expected, "seed \(seed)")
        }
    }

    func testAComparisonStoppedInItsSecondVariantGoesOnThere() throws {
        let options = ["--norms", "bn,syncbn,gn", "--quiet"] + Self.training + ["--epochs", "20"]
        try assertWorks(["compare", "--out", "whole"] + options, ranks: 1)
        let job = try start(["compare", "--out", "run", "--checkpoint-every", "2"] + options, ranks: 1)
        try job.wait(for: "checkpoint of the second variant") { !checkpoints("run/syncbn").isEmpty }
        kill(job.mpirun, SIGUSR1)
        assertStopped(try job.end(), "run")
        let finished = try snapshot("run/bn")
        XCTAssertFalse(FileManager.default.fileExists(atPath: path("run/syncbn/result.json")))
        XCTAssertFalse(FileManager.default.fileExists(atPath: path("run/gn")))
        let resumed = try assertWorks(["resume", "run", "--quiet"], ranks: 2)
        XCTAssertTrue(resumed.output.contains("syncbn"))
        XCTAssertEqual(try snapshot("run/bn"), finished)
        for norm in ["bn", "syncbn", "gn"] {
            XCTAssertEqual(try Ending(path("run/\(norm)")), try Ending(path("whole/\(norm)")), norm)
        }
        XCTAssertTrue(FileManager.default.fileExists(atPath: path("run/result.json")))
    }

    /// When each file of a folder was written.
    private func snapshot(_ name: String) throws -> [String: Date] {
        let names = try FileManager.default.contentsOfDirectory(atPath: path(name))
        return try Dictionary(
            uniqueKeysWithValues: names.map { file in
                let attributes = try FileManager.default.attributesOfItem(atPath: path("\(name)/\(file)"))
                return (file, try XCTUnwrap(attributes[.modificationDate] as? Date))
            })
    }

    func testAFreshRunForgetsTheOldOneInItsFolder() throws {
        try assertWorks(arguments("--checkpoint-every", "50"), ranks: 1)
        XCTAssertTrue(FileManager.default.fileExists(atPath: path("run/result.json")))
        XCTAssertEqual(checkpoints().count, 2)
        try stopEarly("--seed", "9")
        XCTAssertEqual(checkpoints().count, 1)
        try assertWorks(["resume", "run", "--quiet"], ranks: 1)
        try assertWorks(arguments("--seed", "9", out: "other"), ranks: 1)
        XCTAssertEqual(try Ending(path("run")), try Ending(path("other")))
        XCTAssertEqual(try RunFiles(path: path("run")).number("seed"), 9)
    }

    func testAFreshComparisonForgetsTheOldOneInItsFolder() throws {
        let options = ["compare", "--norms", "bn,gn", "--quiet"] + Self.training
        try assertWorks(options + ["--out", "run", "--checkpoint-every", "50"], ranks: 1)
        let job = try start(options + ["--out", "run", "--seed", "9"], ranks: 1)
        try job.waitUntilItListens(ranks: 1)
        kill(job.mpirun, SIGUSR1)
        assertStopped(try job.end(), "run")
        try assertWorks(["resume", "run", "--quiet"], ranks: 1)
        try assertWorks(options + ["--out", "other", "--seed", "9"], ranks: 1)
        for norm in ["bn", "gn"] {
            XCTAssertEqual(try Ending(path("run/\(norm)")), try Ending(path("other/\(norm)")), norm)
        }
    }

    /// With three workers the order of the additions would be the same on 1, 2 and 3 ranks: (a + b) + c.
    func testFloatingPointSumsDependOnTheRanksAndExactOnesDoNot() throws {
        func digests(_ reduction: String) throws -> Set<String> {
            var digests: Set<String> = []
            for ranks in 1...3 {
                let options = ["--workers", "10", "--reduction", reduction, "--quiet"]
                try assertWorks(smallRun("syncbn") + options, ranks: ranks)
                digests.insert(try RunFiles(path: path("run")).text("weights_sha256"))
            }
            return digests
        }
        XCTAssertEqual(try digests("exact").count, 1)
        XCTAssertEqual(try digests("float").count, 3)
    }
}
