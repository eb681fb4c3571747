import Foundation
import XCTest

/// `report.html` and `report.md`, at the end of a run and by `normtrain report`.
final class ReportTests: CommandLineTestCase {
    private func text(_ file: String) throws -> String { try String(contentsOfFile: path(file), encoding: .utf8) }

    private func remove(_ file: String) throws { try FileManager.default.removeItem(atPath: path(file)) }

    private func report(_ folder: String) throws -> Outcome { try start(Self.binary, ["report", folder]) }

    func testAReportMadeAgainIsTheSameByteForByte() throws {
        try assertWorks(smallRun("bn", "--profile", "--quiet"))
        try assertWorks(["compare", "--norms", "bn,syncbn", "--quiet", "--out", "both"] + Self.smallTraining)
        for folder in ["run", "both", "both/bn", "both/syncbn"] {
            let first = try [text("\(folder)/report.html"), text("\(folder)/report.md")]
            for file in ["report.html", "report.md"] { try remove("\(folder)/\(file)") }
            let outcome = try report(folder)
            XCTAssertEqual(outcome.status, 0, outcome.errors)
            XCTAssertEqual(outcome.output, "next: open \(folder)/report.html\n")
            XCTAssertEqual(try [text("\(folder)/report.html"), text("\(folder)/report.md")], first, folder)
        }
        // By another path, and under mpirun.
        let first = try text("run/report.html")
        try assertWorks(["report", path("run/")])
        XCTAssertEqual(try text("run/report.html"), first)
    }

    func testARunSaysWhatToLookAtNextUnlessItIsQuiet() throws {
        let outcome = try assertWorks(smallRun("gn", out: "a run"), ranks: 1)
        XCTAssertTrue(outcome.output.hasSuffix("\nWritten to a run.\nnext: open 'a run/report.html'\n"), outcome.output)
        let quiet = try assertWorks(smallRun("gn", "--quiet"), ranks: 1)
        XCTAssertTrue(quiet.output.hasSuffix("\nWritten to run.\n"), quiet.output)
        let compared = try assertWorks(["compare", "--norms", "bn,gn", "--out", "both"] + Self.smallTraining, ranks: 1)
        XCTAssertTrue(compared.output.hasSuffix("\nWritten to both.\nnext: open both/report.html\n"), compared.output)
    }

    func testTheReportTellsHowTheRunWasMade() throws {
        try assertWorks(smallRun("bn", "--seed", "7", "--set", "evaluation.every=1", "--quiet"))
        let markdown = try text("run/report.md")
        let command =
            "mpirun -np 2 normtrain train --norm bn --dataset digits --train-images 22 --epochs 1 --out run --seed 7 "
            + "--set evaluation.every=1 --quiet"
        for line in ["| command | `\(command)` |", "| seed | 7 |", "| ranks | 2 |", "| `training.batch` | 2 |"] {
            XCTAssertTrue(markdown.contains("\n\(line)\n"), line)
        }
        let processors = try start("getconf", ["_NPROCESSORS_ONLN"]).output.dropLast()
        XCTAssertTrue(markdown.contains("\(processors) processor"), markdown)
        XCTAssertTrue(markdown.contains("```\n\(try text("run/config.yaml"))```\n"), markdown)
        // And what it says works.
        let again = try start(
            "bash", ["-c", "cd run && \"$0\" train --config config.yaml --out again --quiet", Self.binary])
        XCTAssertEqual(again.status, 0, again.errors)
        XCTAssertEqual(
            try RunFiles(path: path("run/again")).text("weights_sha256"),
            try RunFiles(path: path("run")).text("weights_sha256"))
    }

    /// Folders of earlier versions lack files, and their files lack fields.
    func testFoldersOfEarlierRunsHaveReports() throws {
        try assertWorks(smallRun("bn", "--quiet"), ranks: 1)
        let description = try text("run/run.json").replacing(/\s*"machine" : \{[^}]*\},/, with: "")
        XCTAssertFalse(description.contains("machine"))
        try write(description, to: "run/run.json")
        for missing in ["report.md", "epochs.csv", "metrics.csv", "weights.safetensors", "run.json"] {
            try remove("run/\(missing)")
            let outcome = try report("run")
            XCTAssertEqual(outcome.status, 0, "without \(missing): \(outcome.errors)")
            XCTAssertTrue(try text("run/report.md").contains("\n| test error % | "), missing)
        }
        XCTAssertTrue(try text("run/report.md").contains("\n| command | not recorded |\n"))
        try assertWorks(["compare", "--norms", "bn,syncbn", "--quiet", "--out", "both"] + Self.smallTraining, ranks: 1)
        try write(try text("both/result.json").replacing(/,\s*"test_images" : \d+/, with: ""), to: "both/result.json")
        try remove("both/run.json")
        XCTAssertEqual(try report("both").status, 0)
        XCTAssertTrue(try text("both/report.md").contains("The lowest test error is "))
    }

    func testARunThatHasNotEndedHasAReportOfWhatIsThere() throws {
        try assertWorks(smallRun("bn", "--quiet"), ranks: 1)
        try remove("run/result.json")
        let description = try text("run/run.json").replacing("\"finished\"", with: "\"interrupted\"")
        try write(description, to: "run/run.json")
        try write(try text("run/metrics.csv") + "12,0.", to: "run/metrics.csv")
        XCTAssertEqual(try report("run").status, 0)
        let markdown = try text("run/report.md")
        XCTAssertTrue(markdown.contains("This run was interrupted and can be resumed."), markdown)
        XCTAssertTrue(markdown.contains("**Training loss over steps.**"), markdown)
    }

    func testWithoutGnuplotTheReportHasItsTablesAndASentence() throws {
        try assertWorks(smallRun("bn", "--quiet"), ranks: 1)
        let markdown = try text("run/report.md")
        let outcome = try start("bash", ["-c", "PATH=/nonexistent exec \"$0\" report run", Self.binary])
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        let page = try text("run/report.html")
        XCTAssertTrue(page.contains("install Debian&#39;s package gnuplot-nox"), page)
        XCTAssertTrue(page.contains("download=\"training-loss.csv\""))
        XCTAssertFalse(page.contains("<svg"))
        XCTAssertEqual(try text("run/report.md"), markdown)
    }

    func testWhatIsNoRunIsRefused() throws {
        try FileManager.default.createDirectory(atPath: path("empty"), withIntermediateDirectories: false)
        for folder in ["empty", "nowhere"] {
            try assertRefused(
                ["report", folder],
                "\(folder): this is no folder of a run or comparison, which holds config.yaml; "
                    + "name one, for example runs/mine.")
        }
        try assertWorks(smallRun("bn", "--quiet"), ranks: 1)
        try write("{", to: "run/run.json")
        try assertRefused(
            ["report", "run"],
            "run/run.json: the file does not tell what the folder holds; remove it together with what was begun there.")
    }

    func testAReportThatCannotBeWrittenFailsNoRun() throws {
        try XCTSkipIf(try start("strace", ["-o", "trial", "true"]).status != 0, "system calls can't be traced here")
        func train(_ tracing: [String]) throws -> Outcome {
            try start("strace", ["-y", "-o", path("trace")] + tracing + [Self.binary] + smallRun("bn"))
        }
        XCTAssertEqual(try train(["-e", "trace=rename"]).status, 0)
        let calls = Trace(try text("trace")).calls
        let call = try XCTUnwrap(calls.last { $0.isOf("rename", "/report.html\"") })
        let outcome = try train(["-e", "trace=rename", "-e", "inject=rename:error=ENOSPC:when=\(call.occurrence)"])
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertTrue(
            outcome.errors.contains(
                "run/report.html: the file can't be written (No space left on device). The run is finished, and only its "
                    + "report is missing; make it with: normtrain report run\n"), outcome.errors)
        XCTAssertTrue(outcome.output.hasSuffix("\nWritten to run.\n"), outcome.output)
        XCTAssertEqual(try RunFiles(path: path("run")).status(), "finished")
        XCTAssertEqual(try report("run").status, 0)
    }
}
