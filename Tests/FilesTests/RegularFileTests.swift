import TestSupport
import XCTest

@testable import Files

final class RegularFileTests: FolderTestCase {
    func testEmptyFileHasNoBytes() throws {
        try write([], to: "empty")
        XCTAssertEqual(try RegularFile.bytes(of: path("empty")), [])
    }

    func testEveryByteIsReadAlsoThroughALink() throws {
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
        try write(bytes, to: "file")
        try FileManager.default.createSymbolicLink(atPath: path("link"), withDestinationPath: path("file"))
        XCTAssertEqual(try RegularFile.bytes(of: path("link")), bytes)
    }

    /// The kernel says that they have no bytes, until they are read.
    func testFilesOfTheKernelAreRead() throws {
        let name = String(decoding: try RegularFile.bytes(of: "/proc/self/stat"), as: UTF8.self)
        XCTAssertTrue(name.hasPrefix("\(getpid()) ("), name)
        XCTAssertGreaterThan(try RegularFile.bytes(of: "/proc/self/maps").count, 10_000)
    }

    func testReadingGoesOnWhereItStopped() throws {
        try write([1, 2, 3, 4, 5], to: "file")
        let file = try RegularFile(path("file"))
        XCTAssertEqual(try file.read(upTo: 2), [1, 2])
        XCTAssertEqual(try file.read(upTo: 2), [3, 4])
        XCTAssertEqual(try file.read(upTo: 2), [5])
        XCTAssertEqual(try file.read(upTo: 2), [])
    }

    func testFileThatGrowsWhileItIsReadIsReadToItsNewEnd() throws {
        try write([1, 2, 3], to: "file")
        let file = try RegularFile(path("file"))
        let more = [UInt8](repeating: 7, count: 10_000)
        let writer = try FileHandle(forWritingTo: URL(fileURLWithPath: path("file")))
        try writer.seekToEnd()
        try writer.write(contentsOf: Data(more))
        try writer.close()
        XCTAssertEqual(try file.bytes(), [1, 2, 3] + more)
    }

    func testFileThatBecomesShorterWhileItIsReadIsRefused() throws {
        try write([1, 2, 3], to: "file")
        let file = try RegularFile(path("file"))
        XCTAssertEqual(truncate(path("file"), 2), 0)
        assertRefused(path("file"), "it became shorter while it was being read") { try file.bytes() }
    }

    /// A file with a hole, which takes no room on the disk.
    func testFileLargerThanTheMemoryIsRefusedBeforeItIsRead() throws {
        try write([], to: "large")
        let byteCount = ProcessInfo.processInfo.physicalMemory + 1
        try XCTSkipIf(truncate(path("large"), off_t(byteCount)) != 0, "the disk takes no files of \(byteCount) bytes")
        assertRefused(path("large"), "its \(byteCount) bytes are more than the memory of this machine")
    }

    func testMissingFileIsRefused() {
        XCTAssertFalse(RegularFile.exists(path("absent")))
        assertRefused(path("absent"), "there is no such file")
    }

    func testFolderIsRefused() {
        XCTAssertTrue(RegularFile.exists(folder.path))
        assertRefused(folder.path, "it is a folder")
    }

    func testPipeIsRefusedWithoutWaitingForAWriter() {
        XCTAssertEqual(mkfifo(path("pipe"), 0o600), 0)
        assertRefused(path("pipe"), "it is not a regular file")
    }

    func testDeviceWithoutAnEndIsRefused() {
        assertRefused("/dev/zero", "it is not a regular file")
    }

    func testLinkToItselfIsRefused() throws {
        try FileManager.default.createSymbolicLink(atPath: path("loop"), withDestinationPath: path("loop"))
        assertRefused(path("loop"), "Too many levels of symbolic links")
    }

    /// Linux lets everyone open this file and nobody read its start.
    func testFileThatTheSystemCannotReadIsRefused() {
        assertRefused("/proc/self/mem", "Input/output error")
    }

    func testFileWithoutReadPermissionIsRefused() throws {
        try XCTSkipIf(geteuid() == 0, "root may read everything")
        try write([1], to: "secret")
        XCTAssertEqual(chmod(path("secret"), 0), 0)
        assertRefused(path("secret"), "Permission denied")
    }

    func testFilesAreClosedAgain() throws {
        try write([1], to: "file")
        func open() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
        let before = try open()
        for _ in 0..<3 {
            _ = try RegularFile.bytes(of: path("file"))
            _ = try? RegularFile.bytes(of: folder.path)
        }
        XCTAssertEqual(try open(), before)
    }

    private func assertRefused(
        _ path: String, _ reason: String, line: UInt = #line, _ read: (() throws -> [UInt8])? = nil
    ) {
        XCTAssertThrowsError(try read?() ?? RegularFile.bytes(of: path), line: line) { error in
            XCTAssertEqual(error as? FileError, FileError(path: path, attempt: .read, reason: reason), line: line)
            XCTAssertEqual("\(error)", "\(path): the file can't be read (\(reason)).", line: line)
        }
    }
}
