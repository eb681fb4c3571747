import Foundation
import XCTest

/// File systems that flush no folders, or open none, each with its own error, put there by strace.
final class FolderFlushTests: CommandLineTestCase {
    override func setUpWithError() throws {
        try super.setUpWithError()
        let tried = try start("strace", ["-o", "trial", "true"])
        try XCTSkipIf(tried.status == 127, "strace is not installed")
        try XCTSkipIf(tried.status != 0, "system calls can't be traced here: \(tried.errors)")
        try assertWorks(smallRun("none", "--quiet"), ranks: 1)
        try FileManager.default.createDirectory(atPath: path("out"), withIntermediateDirectories: false)
    }

    /// Exports into the folder `out`, one of whose calls fails.
    private func export(failing call: String, with error: String) throws -> Outcome {
        try? FileManager.default.removeItem(atPath: path("out/weights"))
        let outcome = try start(
            "strace",
            ["-o", path("trace"), "-P", path("out"), "-e", "trace=\(call)", "-e", "inject=\(call):error=\(error)"]
                + [Self.binary, "export", "run", "--pytorch", path("out/weights")])
        let trace = try String(contentsOfFile: path("trace"), encoding: .utf8)
        XCTAssertEqual(trace.split(separator: "\n").count { $0.hasSuffix("(INJECTED)") }, 1, "\(error)\n\(trace)")
        return outcome
    }

    func testWhatAFileSystemCannotDoForFoldersIsNoFailure() throws {
        let flushing = ["EOPNOTSUPP", "EINVAL", "ENOSYS", "EBADF", "EISDIR", "EACCES", "EPERM", "ENOTTY"]
        let opening = ["EACCES", "EISDIR", "EINVAL", "EOPNOTSUPP"]
        let faults = flushing.map { ("fsync", $0) } + opening.map { ("openat", $0) }
        for (call, error) in faults {
            let outcome = try export(failing: call, with: error)
            XCTAssertEqual(outcome.status, 0, "\(error) of \(call): \(outcome.errors)")
            XCTAssertFalse(outcome.errors.contains("normtrain: "), "\(error) of \(call)")
            XCTAssertTrue(FileManager.default.fileExists(atPath: path("out/weights")), "\(error) of \(call)")
        }
    }

    func testADiskThatFailsOrIsFullStaysAFailure() throws {
        let faults = [
            ("EIO", "Input/output error"), ("ENOSPC", "No space left on device"), ("EDQUOT", "Disk quota exceeded"),
            ("EROFS", "Read-only file system"),
        ]
        for (error, words) in faults {
            for call in ["fsync", "openat"] where call == "fsync" || error == "EIO" {
                assertRefused(
                    try export(failing: call, with: error),
                    "\(path("out/weights")): the file can't be written (\(words)).")
            }
        }
    }
}
