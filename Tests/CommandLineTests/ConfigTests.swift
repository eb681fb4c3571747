import XCTest

/// `normtrain config`
final class ConfigTests: CommandLineTestCase {
    /// With settings under which MPI can't start.
    func testTheDefaultIsPrintedWithoutMPI() throws {
        let broken = ["OMPI_MCA_btl": "none", "OMPI_MCA_pml": "none"]
        let outcome = try start(Self.binary, ["config"], seconds: 10, environment: broken)
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertEqual(outcome.errors, "")
        let root = URL(fileURLWithPath: Self.launchFolder).deletingLastPathComponent()
        XCTAssertEqual(
            outcome.output, try String(contentsOf: root.appending(path: "configs/compare.yaml"), encoding: .utf8))
    }

    func testRanksPrintItOnceWithTheFileAndTheOptions() throws {
        try write("training: {epochs: 7, batch: 3}\n", to: "run.yaml")
        let outcome = try assertWorks(
            ["config", "--config", "run.yaml", "--norm", "gn", "--batch", "8", "--set", "training.momentum=0.5"])
        for line in ["  norm: gn ", "  batch: 8 ", "  epochs: 7 ", "  momentum: 0.5 "] {
            XCTAssertEqual(outcome.outputLines.filter { $0.hasPrefix(line) }.count, 1, outcome.output)
        }
    }

    func testWhatItPrintsIsAFileToStartFrom() throws {
        let printed = try assertWorks(["config", "--dataset", "digits", "--lr", "0.25"], ranks: 1).output
        try write(printed, to: "run.yaml")
        XCTAssertEqual(try assertWorks(["config", "--config", "run.yaml"], ranks: 1).output, printed)
    }

    func testAnOptionThatIsRefusedIsRefusedHereToo() throws {
        try assertRefused(["config", "--batch", "0"], "--batch 0: expected a whole number from 1.")
        let outcome = try normtrain(["config", "--norm", "bm"])
        XCTAssertEqual(outcome.status, 1)
        XCTAssertNotNil(
            outcome.errors.wholeMatch(
                of: /normtrain: --norm bm: expected one of bn, syncbn, batch, .+, none; did you mean 'bn'\?\n/),
            outcome.errors)
    }
}
