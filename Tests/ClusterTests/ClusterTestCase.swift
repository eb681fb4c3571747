import Foundation
import XCTest

/// A test on virtual hosts of its own, beside those that a user may have up.
///
/// The program is `NORMTRAIN_BINARY`, or `normtrain` beside the tests.
class ClusterTestCase: XCTestCase {
    struct Outcome {
        let status: Int32
        let output: String
        let errors: String
        let seconds: Double
    }

    /// The folder that the test writes to; empty at first.
    private(set) var folder = ""

    /// What `launch/cluster` keeps; also a mark by which the processes of this cluster can be found.
    var clusterFolder: String { "\(folder)/cluster" }

    /// The folder of the scripts.
    let launchFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "launch").path

    private var script: String { "\(launchFolder)/cluster" }

    let binary =
        ProcessInfo.processInfo.environment["NORMTRAIN_BINARY"]
        ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "normtrain").path

    override func setUpWithError() throws {
        try XCTSkipIf(getuid() != 0, "virtual hosts need root")
        folder = "/tmp/normtrain-cluster-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let namespaces = try start("unshare", ["--net", "--uts", "--mount", "--ipc", "--pid", "--fork", "true"])
        try XCTSkipIf(namespaces.status != 0, "namespaces are not permitted here: \(namespaces.errors)")
    }

    override func tearDownWithError() throws {
        guard !folder.isEmpty else { return }
        _ = try start(script, ["down"])
        try FileManager.default.removeItem(atPath: folder)
    }

    /// Starts `launch/cluster`, and fails the test when it has not ended after `seconds`.
    @discardableResult
    func cluster(_ arguments: String..., seconds: Int = 60) throws -> Outcome {
        try start(script, arguments, seconds: seconds)
    }

    /// Starts `launch/cluster` and returns at once.
    func begin(_ arguments: String...) throws -> Process { try begin(arguments) }

    /// Starts `launch/cluster` and returns at once.
    func begin(_ arguments: [String], errors: Pipe? = nil) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: script)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors ?? FileHandle.nullDevice
        try process.run()
        return process
    }

    /// The fingerprint of the weights that a training run of six workers leaves behind: with a rank on each of `hosts`
    /// hosts, or in one process without any.
    func weights(hosts: Int?, _ arguments: String...) throws -> String {
        let run = "\(folder)/run-\(hosts.map(String.init) ?? "alone")"
        let training =
            ["train", "--dataset", "digits", "--train-images", "200", "--epochs", "1", "--workers", "6"]
            + ["--quiet", "--out", run] + arguments
        let outcome =
            if let hosts {
                try start(script, ["run", "-np", "\(hosts)"] + training)
            } else {
                try start("mpirun", ["-q", "--allow-run-as-root", "-np", "1", binary] + training)
            }
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        return try weights(of: run)
    }

    /// The fingerprint of the weights in the folder of a finished run.
    func weights(of run: String) throws -> String {
        let result = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(fileURLWithPath: "\(run)/result.json")))
        return try XCTUnwrap((result as? [String: Any])?["weights_sha256"] as? String)
    }

    /// The processes whose commands name a path of this test.
    func remainingProcesses() throws -> [String] {
        try start("pgrep", ["-fa", folder]).output.split(separator: "\n").map(String.init)
            .filter { !$0.contains("pgrep") }
    }

    /// The processes of the ranks.
    func ranks() throws -> [String] {
        // A number and a command; mpirun's own command names the program too, but does not begin with it.
        try remainingProcesses().filter { $0.split(separator: " ").dropFirst().first?.hasSuffix("/normtrain") == true }
    }

    /// Waits until `condition` holds, for no longer than `seconds`.
    func wait(seconds: Double = 20, until condition: () throws -> Bool) rethrows -> Bool {
        let end = Date(timeIntervalSinceNow: seconds)
        while Date() < end {
            if try condition() { return true }
            Thread.sleep(forTimeInterval: 0.05)
        }
        return try condition()
    }

    /// Starts a program with the time limit.
    func start(_ program: String, _ arguments: [String], seconds: Int = 60) throws -> Outcome {
        let logs = "\(folder)/\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: logs) }
        for name in ["output", "errors"] {
            XCTAssertTrue(FileManager.default.createFile(atPath: "\(logs)/\(name)", contents: nil))
        }

        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["timeout", "--kill-after=5", "\(seconds)", program] + arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: "\(logs)/output")
        process.standardError = FileHandle(forWritingAtPath: "\(logs)/errors")
        let started = Date()
        try process.run()
        process.waitUntilExit()
        // 124 is the status that `timeout` ends with.
        if process.terminationStatus == 124 {
            XCTFail("\(program) \(arguments.joined(separator: " ")) was still running after \(seconds) s")
        }
        return Outcome(
            status: process.terminationStatus,
            output: try String(contentsOfFile: "\(logs)/output", encoding: .utf8),
            errors: try String(contentsOfFile: "\(logs)/errors", encoding: .utf8),
            seconds: Date().timeIntervalSince(started))
    }

    private var environment: [String: String] {
        ProcessInfo.processInfo.environment.merging([
            "NORMTRAIN_BINARY": binary, "NORMTRAIN_CLUSTER": clusterFolder, "NORMTRAIN_SLURM": "\(folder)/slurm",
        ]) { $1 }
    }
}
