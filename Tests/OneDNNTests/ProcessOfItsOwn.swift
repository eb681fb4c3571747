import OneDNN
import XCTest

/// A process for one test: for what must come before the first computation, or would change all that come after it.
enum ProcessOfItsOwn {
    private static let variable = "NORMTRAIN_TEST_HAS_A_PROCESS_OF_ITS_OWN"

    /// Runs a test such as `EngineTests/testOneThreadComputes` and returns what it printed; fails if the test does.
    ///
    /// - Parameter environment: what is set beside the variables of this process; of those that oneDNN reads it has no
    ///   others.
    static func run(
        _ test: String, environment: [String: String] = [:], file: StaticString = #filePath, line: UInt = #line
    ) throws -> String {
        var inherited = ProcessInfo.processInfo.environment
        for (name, _) in OneDNNLibrary.environment { inherited[name] = nil }
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        child.arguments = ["OneDNNTests.\(test)"]
        child.environment = inherited.merging([variable: "1"]) { $1 }.merging(environment) { $1 }
        let output = Pipe()
        child.standardOutput = output
        child.standardError = FileHandle.nullDevice
        try child.run()
        let printed = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        child.waitUntilExit()
        XCTAssertEqual(child.terminationStatus, 0, printed, file: file, line: line)
        return printed
    }

    /// Skips the test that calls this unless `run` started it.
    static func require() throws {
        guard ProcessInfo.processInfo.environment[variable] != nil else {
            throw XCTSkip("runs in a process that another test starts")
        }
    }
}
