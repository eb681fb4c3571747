import Foundation
import XCTest

/// `normtrain compare`
final class ComparisonTests: CommandLineTestCase {
    func testAComparisonPrintsATableAndWritesAFolderForEachVariant() throws {
        let outcome = try assertWorks(
            ["compare", "--norms", "bn,syncbn"] + Self.smallTraining + ["--out", "here", "--quiet"])
        XCTAssertEqual(outcome.errors, "")
        XCTAssertTrue(outcome.outputLines.allSatisfy { $0.count <= 100 }, outcome.output)
        let rows = outcome.outputLines.map { $0.split(separator: " ").map(String.init) }
        let header = try XCTUnwrap(rows.firstIndex { $0.first == "variant" })
        XCTAssertTrue(outcome.outputLines[header + 1].allSatisfy { "- ".contains($0) })
        XCTAssertEqual(Array(rows[header + 2].prefix(2)), ["bn", "worker"])
        XCTAssertEqual(Array(rows[header + 3].prefix(2)), ["syncbn", "world"])
        XCTAssertTrue(
            outcome.output.contains("\nWith 2 workers of 2 images each, synchronised batch norm errs on "),
            outcome.output)
        XCTAssertTrue(outcome.output.hasSuffix("\nWritten to here.\n"))

        let runs = try XCTUnwrap(RunFiles(path: path("here")).result()["runs"] as? [NSDictionary])
        XCTAssertEqual(runs.map { $0["normalization"] as? String }, ["bn", "syncbn"])
        for (run, norm) in zip(runs, ["bn", "syncbn"]) {
            XCTAssertEqual(run, try RunFiles(path: path("here/\(norm)")).result() as NSDictionary)
        }
        XCTAssertEqual(
            try FileManager.default.contentsOfDirectory(atPath: path("here")).sorted(),
            ["bn", "config.yaml", "report.html", "report.md", "result.json", "run.json", "syncbn"])
        try assertRefused(
            ["eval", "here"],
            "here: this is the folder of a comparison; name one of its runs, for example here/syncbn.")
    }

    /// Statistics over one worker are those of the world: the same run twice, unless weights or batches differ.
    func testVariantsStartFromTheSameWeightsOnTheSameBatches() throws {
        try assertWorks(
            ["compare", "--norms", "bn,gn,syncbn"] + Self.smallTraining + ["--workers", "1", "--out", "here"], ranks: 1)
        let runs = ["bn", "syncbn", "gn"].map { RunFiles(path: path("here/\($0)")) }
        XCTAssertEqual(try runs[0].text("weights_sha256"), try runs[1].text("weights_sha256"))
        let metrics = try runs.map { try $0.metrics() }
        XCTAssertEqual(metrics[0].map { $0[1] }, metrics[1].map { $0[1] })
        XCTAssertNotEqual(metrics[0].map { $0[1] }, metrics[2].map { $0[1] })
        XCTAssertEqual(metrics[0].map { $0[2] }, metrics[2].map { $0[2] })
    }

    func testAVariantOfAComparisonIsTheRunThatTrainingItAloneGives() throws {
        try assertWorks(["compare", "--norms", "gn,bn"] + Self.smallTraining + ["--out", "here"])
        try assertWorks(smallRun("bn"))
        XCTAssertEqual(
            try RunFiles(path: path("here/bn")).text("weights_sha256"),
            try RunFiles(path: path("run")).text("weights_sha256"))
    }

    func testARunMayReplaceAnEarlierOne() throws {
        for norm in ["bn", "gn"] {
            try assertWorks(smallRun(norm))
            XCTAssertEqual(try RunFiles(path: path("run")).text("normalization"), norm)
            try assertWorks(["eval", "run"])
        }
    }
}
