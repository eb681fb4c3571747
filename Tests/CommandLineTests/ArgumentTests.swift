import Foundation
import XCTest

/// What the command line may hold, and which options each command takes.
final class ArgumentTests: CommandLineTestCase {
    /// Latin-1, as from an old file system: Swift would train into a folder of another name, and say nothing.
    func testAPathThatIsNotUTF8IsRefused() throws {
        let training = smallRun("gn", "--quiet").dropLast().joined(separator: " ")
        let outcome = try start(
            "bash", ["-c", "mpirun -q --oversubscribe -np 2 \(Self.binary) \(training) $'caf\\xe9 1'"])
        assertRefused(
            outcome,
            "argument 12, caf\\xE9 1, is not UTF-8: give the file or folder a name that is, or reach it through a "
                + "symbolic link.")
        XCTAssertEqual(try start("ls", [folder]).output, "")
    }

    func testAPathInAnyScriptIsTakenAsItIs() throws {
        try assertWorks(smallRun("gn", "--quiet", out: "学習 é/run"))
        XCTAssertTrue(FileManager.default.fileExists(atPath: path("学習 é/run/result.json")))
    }

    func testEvaluationAndExportTakeThreadsAndLimitsOfWaiting() throws {
        try assertWorks(smallRun("bn", "--quiet"))
        let options = ["--threads", "2", "--stall-seconds", "30", "--stall-abort", "60"]
        let first = try assertWorks(["eval", "run"])
        let second = try assertWorks(["eval", "run"] + options)
        XCTAssertEqual(first.output, second.output)
        try assertWorks(["export", "run", "--pytorch", "one.safetensors"])
        try assertWorks(["export", "run", "--pytorch", "two.safetensors"] + options)
        XCTAssertEqual(
            try Data(contentsOf: URL(fileURLWithPath: path("one.safetensors"))),
            try Data(contentsOf: URL(fileURLWithPath: path("two.safetensors"))))
        for command in [["eval", "run"], ["export", "run", "--pytorch", "three.safetensors"], ["bench", "kernels"]] {
            try assertRefused(
                command + ["--stall-abort=-1"],
                "--stall-abort -1: expected a number from 0: see normtrain --help.")
        }
        try assertRefused(
            ["eval", "run", "--threads", "0"],
            "--threads 0: expected a whole number from 1 to 1024: see normtrain --help.")
    }

    /// The digits step in for a data set that nobody asked for: who reads a table of results must have seen it.
    func testQuietDoesNotHideThatOtherImagesAreTrainedOn() throws {
        let hidden = ["--mount", "bash", "-c", "mount -t tmpfs none /usr/share/datasets && exec \"$0\" \"$@\""]
        guard try start("unshare", hidden + ["true"]).status == 0 else {
            throw XCTSkip("the data set that is installed here can't be hidden from a process")
        }
        let training = ["train", "--norm", "gn", "--train-images", "22", "--epochs", "1", "--out", "run", "--quiet"]
        let outcome = try start("unshare", hidden + [Self.binary] + training)
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertEqual(
            outcome.errors,
            "normtrain: the files of fashion-mnist are missing (Debian's package dataset-fashion-mnist has them), so the "
                + "embedded digits are used.\n")
    }
}
