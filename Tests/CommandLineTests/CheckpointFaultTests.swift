import Foundation
import XCTest

/// Checkpoints that are damaged, missing, or don't fit on the disk.
final class CheckpointFaultTests: InterruptionTestCase {
    func testOnlyTheLastTwoCheckpointsAreKept() throws {
        try assertWorks(arguments("--checkpoint-every", "50"), ranks: 1)
        XCTAssertEqual(checkpoints(), ["checkpoint-0000000050.normtrain", "checkpoint-0000000100.normtrain"])
        try assertWorks(arguments("--checkpoint-every", "30"), ranks: 1)
        XCTAssertEqual(checkpoints(), ["checkpoint-0000000090.normtrain", "checkpoint-0000000120.normtrain"])
    }

    func testADamagedCheckpointIsRefusedAndTheOlderOneUsed() throws {
        try assertWorks(arguments("--checkpoint-every", "50"), ranks: 1)
        let expected = try FinalState(path("run"))
        try FileManager.default.removeItem(atPath: path("run/result.json"))
        try damage("run/checkpoint-0000000100.normtrain")
        let resumed = try assertWorks(["resume", "run", "--quiet"], ranks: 2)
        XCTAssertTrue(
            resumed.errors.contains(
                "run/checkpoint-0000000100.normtrain: the checkpoint is damaged "
                    + "(its checksum does not fit its content). An older one is tried.\n"), resumed.errors)
        XCTAssertEqual(resumed.errors.split(separator: "\n").count, 1, resumed.errors)
        XCTAssertEqual(try FinalState(path("run")), expected)
    }

    func testWithoutAWholeCheckpointThereIsNothingToResume() throws {
        try assertWorks(arguments("--checkpoint-every", "50"), ranks: 1)
        try FileManager.default.removeItem(atPath: path("run/result.json"))
        for checkpoint in checkpoints() { try damage("run/\(checkpoint)") }
        let outcome = try normtrain(["resume", "run"], ranks: 2)
        XCTAssertEqual(outcome.status, 1)
        func damaged(_ step: String) -> String {
            "normtrain: run/checkpoint-0000000\(step).normtrain: the checkpoint is damaged "
                + "(its checksum does not fit its content)."
        }
        XCTAssertEqual(
            outcome.errors.split(separator: "\n").map(String.init),
            [
                damaged("100") + " An older one is tried.", damaged("050"),
                "normtrain: run: none of the 2 checkpoints is whole; start the run anew.",
            ])
    }

    func testMoreRanksThanWorkersAreRefusedNamingTheMost() throws {
        try stopEarly()
        try assertRefused(
            ["resume", "run"], ranks: 4,
            "run: this run had 3 workers, too few for 4 ranks: start at most 3 (mpirun -np 3).")
    }

    func testWhatCannotBeResumedIsRefusedInOneSentence() throws {
        try assertRefused(["resume", "run"], "run: there is no such folder; name that of an interrupted run.")
        try FileManager.default.createDirectory(atPath: path("empty"), withIntermediateDirectories: false)
        try assertRefused(
            ["resume", "empty"],
            "empty: there is no checkpoint to resume from; start the run anew, with --checkpoint-every.")
        try assertWorks(smallRun("bn"))
        try assertRefused(["resume", "run"], "run: this run is finished; there is nothing to resume.")
        try FileManager.default.removeItem(atPath: path("run/result.json"))
        try assertRefused(
            ["resume", "run"],
            "run: there is no checkpoint to resume from; start the run anew, with --checkpoint-every.")
    }

    func testAFullDiskLeavesTheLastWholeCheckpoints() throws {
        try FileManager.default.createDirectory(atPath: path("disk"), withIntermediateDirectories: false)
        // Room for two checkpoints, of 1.1 MB each, and not for a third.
        let mounted = try start("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", path("disk")])
        guard mounted.status == 0 else { throw XCTSkip("no small disk can be mounted: \(mounted.errors)") }
        defer { _ = try? start("umount", [path("disk")]) }
        let outcome = try normtrain(arguments("--checkpoint-every", "5", out: "disk/run"))
        XCTAssertEqual(outcome.status, 1)
        XCTAssertEqual(outcome.output, "")
        XCTAssertEqual(
            outcome.errors,
            "normtrain: disk/run/checkpoint-0000000015.normtrain: the file can't be written "
                + "(No space left on device).\n")
        XCTAssertEqual(
            try names(in: "disk/run"),
            [
                "checkpoint-0000000005.normtrain", "checkpoint-0000000010.normtrain", "config.yaml", "epochs.csv",
                "events", "metrics.csv", "run.json",
            ])
        XCTAssertEqual(try RunFiles(path: path("disk/run")).status(), "failed")
        _ = try start("mount", ["-o", "remount,size=20m", path("disk")])
        try assertWorks(["resume", "disk/run", "--quiet"], ranks: 1)
        XCTAssertEqual(try FinalState(path("disk/run")), try uninterrupted())
    }
}
