import Foundation
import XCTest

/// A test that starts the program as a user does: under mpirun, in a folder of its own, with a time limit.
///
/// The program is `NORMTRAIN_BINARY`, or `normtrain` beside the tests.
class CommandLineTestCase: XCTestCase {
    /// What is left of a start of the program.
    struct Outcome {
        /// What was started, for messages.
        let command: String
        let status: Int32
        let output: String
        let errors: String

        var outputLines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
    }

    /// The folder that the program is started in; empty at first.
    private(set) var folder = ""

    override func setUpWithError() throws {
        continueAfterFailure = true
        // The system's own name of the folder, without links, so that it can be compared with what the program says.
        folder = "/tmp/normtrain-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    }

    override func tearDownWithError() throws {
        try FileManager.default.removeItem(atPath: folder)
    }

    /// A path inside of the test's folder.
    func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// Writes a file into the test's folder.
    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
    }

    /// How much longer than without a sanitizer a program may take.
    private static let patience = ProcessInfo.processInfo.environment["NORMTRAIN_SANITIZER"] == nil ? 1 : 3

    /// Starts `normtrain` on `ranks` ranks, and fails the test when it has not ended after `seconds`.
    func normtrain(
        _ arguments: [String], ranks: Int = 2, seconds: Int = 60, environment: [String: String] = [:],
    ) throws -> Outcome {
        try mpirun(
            ["-np", "\(ranks)", Self.binary] + arguments, seconds: seconds, environment: environment)
    }

    /// Starts mpirun. `-q` keeps it from commenting on the exit status; and it need not wait for a second, as it does by
    /// default, before it kills what is left of a job in which a rank failed.
    func mpirun(
        _ arguments: [String], seconds: Int = 60, environment: [String: String] = [:]
    ) throws -> Outcome {
        let launcher = ["-q", "--oversubscribe", "--mca", "odls_base_sigkill_timeout", "0"]
        return try start("mpirun", launcher + arguments, seconds: seconds, environment: environment)
    }

    /// Starts a program in the test's folder. On time-out it is killed with all that it started, and the test fails.
    ///
    /// - Parameter mayBeKilled: whether the test itself has it killed.
    func start(
        _ program: String, _ arguments: [String], seconds: Int = 60, environment: [String: String] = [:],
        mayBeKilled: Bool = false
    ) throws -> Outcome {
        // What the program writes goes to files outside of its folder: a full pipe would stop it.
        let logs = "\(folder).logs"
        try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: logs) }
        for name in ["output", "errors"] { try Data().write(to: URL(fileURLWithPath: "\(logs)/\(name)")) }

        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["timeout", "--kill-after=5", "\(Self.patience * seconds)", program] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ProcessInfo.processInfo.environment
            .merging(["OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"]) { $1 }
            .merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: "\(logs)/output")
        process.standardError = FileHandle(forWritingAtPath: "\(logs)/errors")
        try process.run()
        process.waitUntilExit()

        // As a shell has it: `timeout` ends by the signal that ended its program.
        let signals: Int32 = process.terminationReason == .uncaughtSignal ? 128 : 0
        let outcome = Outcome(
            command: arguments.joined(separator: " "), status: signals + process.terminationStatus,
            output: try String(contentsOfFile: "\(logs)/output", encoding: .utf8),
            errors: try String(contentsOfFile: "\(logs)/errors", encoding: .utf8))
        // 124 is the status that `timeout` ends with, 137 that of a killed process.
        if outcome.status == 124 || outcome.status == 137 && !mayBeKilled {
            XCTFail("\(outcome.command) was still running after \(Self.patience * seconds) s")
        }
        return outcome
    }

    /// Starts `normtrain` and expects that it works.
    @discardableResult
    func assertWorks(
        _ arguments: [String], ranks: Int = 2, environment: [String: String] = [:]
    ) throws -> Outcome {
        let outcome = try normtrain(arguments, ranks: ranks, environment: environment)
        XCTAssertEqual(outcome.status, 0, "\(outcome.command): \(outcome.errors)")
        return outcome
    }

    /// Starts `normtrain` and expects that it refuses with `sentence` and nothing else, and leaves the folder as it was.
    func assertRefused(
        _ arguments: [String], ranks: Int = 2, _ sentence: String
    ) throws {
        let before = try entries()
        let outcome = try normtrain(arguments, ranks: ranks)
        assertRefused(outcome, sentence)
        XCTAssertEqual(try entries(), before, "\(outcome.command) left something behind")
    }

    func assertRefused(_ outcome: Outcome, _ sentence: String) {
        XCTAssertTrue((1..<128).contains(outcome.status), "\(outcome.command) ended with \(outcome.status)")
        XCTAssertEqual(outcome.errors, "normtrain: \(sentence)\n", outcome.command)
        XCTAssertEqual(outcome.output, "", outcome.command)
    }

    /// Everything in a folder of the test's, hidden files too, with sizes.
    func entries(in name: String = "") throws -> [String] {
        let root = name.isEmpty ? folder : path(name)
        return try FileManager.default.subpathsOfDirectory(atPath: root).sorted().map { entry in
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(root)/\(entry)")
            let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
            return isFolder ? "\(entry)/" : "\(entry) \(attributes[.size] as? Int ?? -1)"
        }
    }

    /// What is in a folder of the test's, sorted; event files, whose names tell the moment, as `events`.
    func names(in name: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path(name)).map {
            $0.hasPrefix("events.out.tfevents.") ? "events" : $0
        }.sorted()
    }

    /// The program.
    static var binary: String {
        if let named = ProcessInfo.processInfo.environment["NORMTRAIN_BINARY"] { return named }
        return URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("normtrain").path
    }

    /// The folder of the scripts.
    static var launchFolder: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "launch").path
    }

    /// A run of a second: a few of the embedded digits, once.
    func smallRun(_ norm: String, _ options: String..., out: String = "run") -> [String] {
        ["train", "--norm", norm] + Self.smallTraining + ["--out", out] + options
    }

    /// Options of a training of a second.
    static let smallTraining = ["--dataset", "digits", "--train-images", "22", "--epochs", "1"]
}
