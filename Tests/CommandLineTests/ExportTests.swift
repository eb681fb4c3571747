import Foundation
import XCTest

/// `normtrain export`, and `--init`, which takes what it writes.
final class ExportTests: CommandLineTestCase {
    /// Options with which a training leaves everything as it is: a rate that is 0 in single precision, and running
    /// statistics that follow nothing.
    private let changingNothing = ["--lr", "1e-60", "--set", "normalization.momentum=0", "--quiet"]

    private func digest(_ run: String) throws -> String { try RunFiles(path: path(run)).text("weights_sha256") }

    /// All that a run ends with but how many batches its norms have seen: that goes on.
    private func tensors(_ run: String) throws -> [String: Data] {
        try RunFiles(path: path(run)).tensors().filter { !$0.key.hasSuffix(".batchCounts") }
    }

    private func bytes(_ file: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path(file))) }

    func testARunThatBeginsWithExportedWeightsAndChangesNothingEndsWithTheSameBits() throws {
        for norm in ["syncbn", "gn", "none"] {
            try assertWorks(smallRun(norm))
            let outcome = try assertWorks(["export", "run", "--pytorch", "weights"])
            let statistics = norm == "syncbn" ? ", statistics pooled" : ""
            XCTAssertEqual(outcome.output, "weights: the weights of run after step 6 (\(norm)\(statistics)).\n")
            try assertWorks(smallRun(norm, "--init", "weights", out: "again") + changingNothing)
            XCTAssertEqual(try tensors("again"), try tensors("run"), norm)
            try assertWorks(smallRun(norm, "--init", "weights", out: "changed"), ranks: 1)
            XCTAssertNotEqual(try digest("changed"), try digest("run"), norm)
        }
    }

    func testALinkIsWrittenThroughAndWhatIsNoFileIsRefused() throws {
        try assertWorks(smallRun("none", "--quiet"))
        try FileManager.default.createDirectory(atPath: path("elsewhere"), withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(atPath: path("link"), withDestinationPath: "elsewhere/weights")
        try assertWorks(["export", "run", "--pytorch", "link"])
        XCTAssertEqual(try FileManager.default.destinationOfSymbolicLink(atPath: path("link")), "elsewhere/weights")
        try assertWorks(["export", "run", "--pytorch", "weights"])
        XCTAssertEqual(try bytes("elsewhere/weights"), try bytes("weights"))
        XCTAssertEqual(mkfifo(path("pipe"), 0o600), 0)
        try assertRefused(
            ["export", "run", "--pytorch", "pipe"], "pipe: the file can't be written (it is a pipe).")
    }

    /// As another program might have left them: ten numbers of 4 bytes, or five of 8, or forty of 1.
    func testWeightsOfAnotherTypeAreRefusedInASentence() throws {
        for (type, count) in [("F64", 5), ("U8", 40)] {
            try assertWorks(smallRun("none"), ranks: 1)
            let files = RunFiles(path: path("run"))
            let (tensors, data) = try files.weights()
            var header = tensors
            header["dense.bias"]?["dtype"] = type
            header["dense.bias"]?["shape"] = [count]
            try files.write(weights: header, data)
            for command in [["export", "run", "--pytorch", "weights"], ["eval", "run"]] {
                let outcome = try normtrain(command, ranks: 1)
                XCTAssertEqual(outcome.status, 1, outcome.errors)
                XCTAssertTrue(outcome.errors.hasPrefix("normtrain: run/weights.safetensors: "), outcome.errors)
                XCTAssertEqual(outcome.errors.filter(\.isNewline).count, 1, outcome.errors)
            }
        }
    }

    /// The imported run has one set of statistics for all workers, and tests with it.
    func testEachChoiceOfStatisticsTestsAsItDidInTheRun() throws {
        try assertWorks(smallRun("bn", "--workers", "3"))
        for statistics in ["pooled", "worker0", "precise", "layerwise"] {
            try assertWorks(["export", "run", "--pytorch", "weights", "--evaluate", statistics])
            try assertWorks(smallRun("bn", "--init", "weights", out: "again") + changingNothing)
            func result(_ run: String, _ statistics: String) throws -> Substring? {
                try assertWorks(["eval", run, "--evaluate", statistics]).outputLines[0].split(separator: ":").last
            }
            XCTAssertEqual(try result("again", "pooled"), try result("run", statistics), statistics)
        }
        try assertRefused(
            ["export", "run", "--pytorch", "other", "--evaluate", "batch"],
            "run: the statistics 'batch' are those of each batch of test images, and leave none to write: "
                + "choose --evaluate pooled, worker0, precise or layerwise.")
    }

    func testTheNewestCheckpointOfAnUnfinishedRunIsExported() throws {
        try assertWorks(smallRun("bn", "--checkpoint-every", "6"))
        try assertWorks(["export", "run", "--pytorch", "finished"])
        try FileManager.default.removeItem(atPath: path("run/result.json"))
        let outcome = try assertWorks(["export", "run", "--pytorch", "unfinished"])
        XCTAssertEqual(outcome.output, "unfinished: the weights of run after step 6 (bn, statistics pooled).\n")
        XCTAssertEqual(try bytes("unfinished"), try bytes("finished"))
    }

    func testMoreRanksThanTheRunHadWorkersAreRefused() throws {
        try assertWorks(smallRun("none"))
        try assertRefused(
            ["export", "run", "--pytorch", "weights"], ranks: 3,
            "run: this run had 2 workers, too few for 3 ranks: start at most 2 (mpirun -np 2).")
    }

    func testFoldersWithoutWeightsAreRefused() throws {
        try assertRefused(
            ["export", "run", "--pytorch", "weights"],
            "run: this is neither the folder of a finished run nor one with a checkpoint.")
        try assertWorks(["compare", "--norms", "none"] + Self.smallTraining + ["--out", "run", "--quiet"])
        try assertRefused(
            ["export", "run", "--pytorch", "weights"],
            "run: this is the folder of a comparison; name one of its runs, for example run/syncbn.")
        try assertRefused(
            ["export", "run/none", "--pytorch", "nowhere/weights"],
            "nowhere/weights: the file can't be written (No such file or directory).")
        // As an earlier version has left it: without a file that says how many steps the weights have seen.
        for file in ["metrics.csv", "run.json"] { try FileManager.default.removeItem(atPath: path("run/none/\(file)")) }
        try assertRefused(
            ["export", "run/none", "--pytorch", "weights"],
            "run/none/metrics.csv: the file can't be read, and nothing else tells how many steps the run had; "
                + "put it back.")
    }
}
