import XCTest

/// `--version`, and the version in a run's folder.
final class VersionTests: CommandLineTestCase {
    /// With settings under which MPI can't start.
    private let broken = ["OMPI_MCA_btl": "none", "OMPI_MCA_pml": "none"]

    private func version(_ outcome: Outcome) throws -> String {
        let pattern = /normtrain +([0-9]+\.[0-9]+\.[0-9]+), its kernels compiled for \S.*/
        return String(try XCTUnwrap(outcome.outputLines.first?.wholeMatch(of: pattern), outcome.output).1)
    }

    func testTheVersionsAreToldWithoutMPI() throws {
        let outcome = try start(Self.binary, ["--version"], seconds: 10, environment: broken)
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertEqual(outcome.errors, "")
        _ = try version(outcome)
        let package = try start("dpkg-query", ["--show", "--showformat=${Version}", "libopenmpi3"]).output
        let release = try XCTUnwrap(package.firstMatch(of: /^[0-9.]+/)).0
        XCTAssertEqual(outcome.outputLines[2], "MPI        Open MPI v\(release)")
        XCTAssertTrue(outcome.outputLines.allSatisfy { $0.count <= 100 }, outcome.output)
    }

    func testRanksTellThemOnce() throws {
        let alone = try start(Self.binary, ["--version"])
        XCTAssertEqual(try assertWorks(["--version"], ranks: 3).output, alone.output)
    }

    /// SSE 4.1 is less than any CPU has that runs the program.
    func testTheInstructionSetIsTheOneInUse() throws {
        let limited = try start(Self.binary, ["--version"], environment: ["DNNL_MAX_CPU_ISA": "SSE41"])
        XCTAssertTrue(limited.outputLines[1].hasSuffix(", computing with SSE41"), limited.output)
        let unlimited = try start(Self.binary, ["--version"])
        XCTAssertFalse(unlimited.outputLines[1].hasSuffix("SSE41"), unlimited.output)
    }

    func testARunTellsTheVersionThatBeganItAndOneThatDoesNotIsReadAllTheSame() throws {
        try assertWorks(smallRun("gn", "--quiet"), ranks: 1)
        let files = RunFiles(path: path("run"))
        var description = try files.description()
        XCTAssertEqual(description["version"] as? String, try version(start(Self.binary, ["--version"])))
        description["version"] = nil
        try JSONSerialization.data(withJSONObject: description)
            .write(to: URL(fileURLWithPath: path("run/run.json")))
        try assertWorks(["eval", "run"], ranks: 1)
    }
}
