import Foundation
import XCTest

/// The Python that tests ask: `NORMTRAIN_PYTHON`, into which `launch/test` has installed what they need, or `python3`.
public enum Python {
    /// What is left of a start of it.
    public struct Outcome {
        /// Its exit status.
        public let status: Int32
        /// What it printed.
        public let output: String
        /// What it had to complain about.
        public let errors: String
    }

    private static let installed = ProcessInfo.processInfo.environment["NORMTRAIN_PYTHON"]

    /// The program.
    public static let interpreter = installed ?? "python3"

    /// A script in `Tests/Python`.
    public static func script(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Python/\(name)").path
    }

    /// Skips the test where a module is missing; one that should be installed may not be.
    public static func require(_ modules: String...) throws {
        let search = """
            import sys
            from importlib.util import find_spec
            print(*(name for name in sys.argv[1:] if find_spec(name) is None))
            """
        let outcome = try run(["-c", search] + modules)
        let missing = outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
        guard outcome.status != 0 || !missing.isEmpty else { return }
        let sentence = "\(interpreter) lacks \(missing.isEmpty ? modules.joined(separator: " ") : missing)"
        if installed != nil { throw Lacking(description: sentence) }
        throw XCTSkip(sentence)
    }

    private struct Lacking: Error, CustomStringConvertible { let description: String }

    /// Runs it to its end, or for so many seconds.
    public static func run(_ arguments: [String], seconds: Int = 60) throws -> Outcome {
        // A full pipe would stop it.
        let logs = FileManager.default.temporaryDirectory.appending(path: "python-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: logs, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: logs) }
        let files = ["output", "errors"].map { logs.appending(path: $0) }
        for file in files { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["timeout", "--kill-after=5", "\(seconds)", interpreter] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        try process.run()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: try String(contentsOf: files[0], encoding: .utf8),
            errors: try String(contentsOf: files[1], encoding: .utf8))
    }
}
