import Foundation
import XCTest

/// Run folders that can't be written, found before the training and not after it.
final class OutputRefusalTests: CommandLineTestCase {
    func testAFileInTheWayIsNamed() throws {
        try write("something else", to: "taken")
        try assertRefused(
            smallRun("gn", out: "taken/run"),
            "taken/run: the run folder can't be made (Not a directory); name another one with --out.")
        try assertRefused(
            smallRun("gn", out: "taken"),
            "taken: the run folder can't be written (Not a directory); name another one with --out.")
    }

    func testAFolderThatTheSystemRefusesIsNamed() throws {
        try assertRefused(
            smallRun("gn", out: "/proc/run"),
            "/proc/run: the run folder can't be made (No such file or directory); name another one with --out.")
        try assertRefused(
            ["compare", "--norms", "bn,syncbn"] + Self.smallTraining + ["--out", "/proc"],
            "/proc: the run folder can't be written (No such file or directory); name another one with --out.")
    }

    func testAFolderUnderTheNameOfAFileIsNamed() throws {
        try FileManager.default.createDirectory(
            atPath: path("run/weights.safetensors"), withIntermediateDirectories: true)
        try assertRefused(
            smallRun("gn"),
            "run: the run folder can't be written (run/weights.safetensors: it is a folder); "
                + "name another one with --out.")
    }

    func testAPipeUnderTheNameOfAFileIsNamed() throws {
        try FileManager.default.createDirectory(atPath: path("run"), withIntermediateDirectories: true)
        XCTAssertEqual(mkfifo(path("run/metrics.csv"), 0o600), 0)
        try assertRefused(
            smallRun("gn"),
            "run: the run folder can't be written (run/metrics.csv: it is a pipe); name another one with --out.")
    }

    /// Files of an earlier run are taken away; of one that is a link, what it leads to is no part of the run.
    func testAFolderThatIsALinkIsFilledAndWhatAFileInItLeadsToStays() throws {
        try FileManager.default.createDirectory(atPath: path("elsewhere"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: path("run"), withDestinationPath: "elsewhere")
        try write("seed: 7", to: "kept.yaml")
        try FileManager.default.createSymbolicLink(atPath: path("run/config.yaml"), withDestinationPath: "../kept.yaml")
        try assertWorks(smallRun("gn"))
        XCTAssertEqual(try FileManager.default.destinationOfSymbolicLink(atPath: path("run")), "elsewhere")
        XCTAssertEqual(try String(contentsOfFile: path("kept.yaml"), encoding: .utf8), "seed: 7")
        XCTAssertTrue(try String(contentsOfFile: path("elsewhere/config.yaml"), encoding: .utf8).contains("seed:"))
        XCTAssertTrue(FileManager.default.fileExists(atPath: path("elsewhere/result.json")))
    }

    func testAnEmptyNameIsRefused() throws {
        try assertRefused(
            smallRun("gn", out: ""),
            "--out: the run folder can't be made (no folder is named); name another one with --out.")
    }
}
