import XCTest

/// `--help`
final class HelpTests: CommandLineTestCase {
    func testHelpOfEachCommandIsPrintedOnceAndFits100Columns() throws {
        let commands = [
            [], ["compare"], ["train"], ["eval"], ["export"], ["bench"], ["bench", "steps"], ["bench", "kernels"],
            ["resume"], ["report"], ["verify"], ["config"], ["list"], ["study"],
            ["study", "status"], ["study", "verify"],
        ]
        for command in commands {
            let outcome = try assertWorks(command + ["--help"])
            XCTAssertEqual(outcome.errors, "")
            XCTAssertEqual(outcome.outputLines.filter { $0.hasPrefix("USAGE: normtrain") }.count, 1, outcome.output)
            XCTAssertTrue(outcome.outputLines.allSatisfy { $0.count <= 100 }, outcome.output)
        }
    }

    /// With settings under which MPI can't start.
    func testHelpNeedsNoMPI() throws {
        let broken = ["OMPI_MCA_btl": "none", "OMPI_MCA_pml": "none"]
        let outcome = try start(Self.binary, ["--help"], seconds: 10, environment: broken)
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertTrue(outcome.output.hasPrefix("OVERVIEW: "))
        let control = try start(Self.binary, ["train", "--batch", "0"], seconds: 10, environment: broken)
        // Open MPI's own words come in varying shape; what counts is that these settings do keep it from starting.
        XCTAssertNotEqual(control.status, 0)
        XCTAssertFalse(control.errors.contains("normtrain: "), control.errors)
    }

    func testTheProgramRunsWithoutMpirun() throws {
        let outcome = try start(Self.binary, smallRun("syncbn", "--quiet"))
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertEqual(try RunFiles(path: path("run")).number("ranks"), 1)
    }
}
