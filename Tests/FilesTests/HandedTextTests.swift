import Files
import Foundation
import TestSupport
import XCTest

final class HandedTextTests: FolderTestCase {
    private func assertRefused(_ path: String, _ reason: String, line: UInt = #line) {
        XCTAssertThrowsError(try HandedText.bytes(of: path, patience: 1), line: line) { error in
            XCTAssertEqual("\(error)", "\(path): the file can't be read (\(reason)).", line: line)
        }
    }

    func testAFileIsReadWholeAlsoAnEmptyOne() throws {
        let bytes = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 / 3) }
        try write(bytes, to: "file")
        XCTAssertEqual(try HandedText.bytes(of: path("file")), bytes)
        try write([], to: "empty")
        XCTAssertEqual(try HandedText.bytes(of: path("empty")), [])
    }

    func testANamedPipeIsReadToItsEndHoweverLateItsWriterComes() throws {
        XCTAssertEqual(mkfifo(path("pipe"), 0o600), 0)
        let writer = Process()
        writer.executableURL = URL(fileURLWithPath: "/bin/sh")
        // It has the pipe open for longer than the patience before it writes.
        writer.arguments = ["-c", "exec >\"$0\"; sleep 2; printf first; sleep 0.2; printf second", path("pipe")]
        try writer.run()
        XCTAssertEqual(try HandedText.bytes(of: path("pipe"), patience: 1), Array("firstsecond".utf8))
        writer.waitUntilExit()
    }

    func testAPipeToWhichNobodyWritesIsRefused() {
        XCTAssertEqual(mkfifo(path("pipe"), 0o600), 0)
        assertRefused(path("pipe"), "nobody has written to this pipe")
    }

    func testWhatHasNoEndIsRefused() throws {
        assertRefused("/dev/zero", "it has more than 1048576 bytes, or no end")
        try write([UInt8](repeating: 0x20, count: (1 << 20) + 1), to: "large")
        assertRefused(path("large"), "it has more than 1048576 bytes, or no end")
    }

    func testWhatIsNoTextIsRefused() {
        assertRefused("/dev/null", "it is empty")
        assertRefused(folder.path, "it is a folder")
        assertRefused(path("absent"), "there is no such file")
    }
}
