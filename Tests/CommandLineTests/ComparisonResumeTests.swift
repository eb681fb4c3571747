import Foundation
import XCTest

/// Comparisons that a signal stops go on in the variant where they were.
final class ComparisonResumeTests: InterruptionTestCase {
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
            XCTAssertEqual(try FinalState(path("run/\(norm)")), try FinalState(path("whole/\(norm)")), norm)
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
            XCTAssertEqual(try FinalState(path("run/\(norm)")), try FinalState(path("other/\(norm)")), norm)
        }
    }

    /// The folder holds a finished comparison, and of a training what the comparison does not write over.
    func testAComparisonKilledInAUsedFolderIsNotTakenForWhatWasThere() throws {
        let options = ["compare", "--norms", "bn,gn", "--quiet"] + Self.training
        try assertWorks(options + ["--out", "run"], ranks: 1)
        try assertWorks(arguments("--checkpoint-every", "50"), ranks: 1)
        let job = try start(options + ["--out", "run", "--seed", "9", "--checkpoint-every", "2"], ranks: 1)
        try job.wait(for: "checkpoint of the first variant") { !checkpoints("run/bn").isEmpty }
        for rank in job.ranks { kill(rank, SIGKILL) }
        _ = try job.end()
        try assertWorks(["resume", "run", "--quiet"], ranks: 1)
        try assertWorks(options + ["--out", "other", "--seed", "9"], ranks: 1)
        for norm in ["bn", "gn"] {
            XCTAssertEqual(try FinalState(path("run/\(norm)")), try FinalState(path("other/\(norm)")), norm)
        }
    }

    func testAVariantOfAnotherConfigurationIsRefused() throws {
        let options = ["compare", "--norms", "bn,gn", "--quiet", "--out", "run"] + Self.training
        let job = try start(options, ranks: 1)
        try job.waitUntilItListens(ranks: 1)
        kill(job.mpirun, SIGUSR1)
        assertStopped(try job.end(), "run")
        XCTAssertEqual(checkpoints("run/bn").count, 1)
        try assertResumingIsRefused(editing: "seed: 1", into: "seed: 2", "run/bn")
        try assertResumingIsRefused(editing: "  batch: 2", into: "  batch: 1", "run/bn")
        try assertWorks(["resume", "run", "--quiet"], ranks: 1)
        // Variants that are finished.
        try FileManager.default.removeItem(atPath: path("run/result.json"))
        try assertResumingIsRefused(editing: "  epsilon: 0.00001", into: "  epsilon: 0.001", "run/bn")
        try FileManager.default.removeItem(atPath: path("run/bn"))
        try edit("  norms: [bn, gn]", into: "  norms: [gn, ln]")
        try assertWorks(["resume", "run", "--quiet"], ranks: 1)
        XCTAssertTrue(FileManager.default.fileExists(atPath: path("run/ln/result.json")))
    }

    func testMoreRanksThanAComparisonHasWorkersAreRefused() throws {
        let job = try start(["compare", "--norms", "bn,gn", "--quiet", "--out", "run"] + Self.training, ranks: 1)
        try job.waitUntilItListens(ranks: 1)
        kill(job.mpirun, SIGUSR1)
        assertStopped(try job.end(), "run")
        try assertRefused(
            ["resume", "run"], ranks: 4,
            "run: this run had 3 workers, too few for 4 ranks: start at most 3 (mpirun -np 3).")
    }

    /// Changes a line of the comparison's configuration for as long as it takes to be refused.
    private func assertResumingIsRefused(editing found: String, into wanted: String, _ variant: String) throws {
        try edit(found, into: wanted)
        let (begun, asked) = (found.trimmingPrefix("  "), wanted.trimmingPrefix("  "))
        try assertRefused(
            ["resume", "run"],
            "\(variant): this run was begun with '\(begun)', but the comparison's config.yaml has '\(asked)': "
                + "put that back, or remove the folder to train the variant anew.")
        try edit(wanted, into: found)
    }

    private func edit(_ found: String, into wanted: String) throws {
        let text = try String(contentsOfFile: path("run/config.yaml"), encoding: .utf8)
        XCTAssertTrue(text.contains("\(found)\n"), text)
        try write(text.replacing("\(found)\n", with: "\(wanted)\n"), to: "run/config.yaml")
    }
}
