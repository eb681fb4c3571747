import Safetensors
import XCTest

final class WholeFileTests: FolderTestCase {
    func testEmptyFileHasNoBytes() throws {
        try Data().write(to: URL(fileURLWithPath: path("empty")))
        XCTAssertEqual(try WholeFile.read(path("empty")), [])
    }

    func testEveryByteIsReadAlsoThroughALink() throws {
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
        try Data(bytes).write(to: URL(fileURLWithPath: path("file")))
        try FileManager.default.createSymbolicLink(atPath: path("link"), withDestinationPath: path("file"))
        XCTAssertEqual(try WholeFile.read(path("link")), bytes)
    }

    func testMissingFileIsRefused() {
        assertRefused(path("absent"), "No such file or directory")
    }

    func testFolderIsRefused() {
        assertRefused(folder.path, "It is not a regular file")
    }

    func testPipeIsRefusedWithoutWaitingForAWriter() {
        XCTAssertEqual(mkfifo(path("pipe"), 0o600), 0)
        assertRefused(path("pipe"), "It is not a regular file")
    }

    func testDeviceWithoutAnEndIsRefused() {
        assertRefused("/dev/zero", "It is not a regular file")
    }

    func testLinkToItselfIsRefused() throws {
        try FileManager.default.createSymbolicLink(atPath: path("loop"), withDestinationPath: path("loop"))
        assertRefused(path("loop"), "Too many levels of symbolic links")
    }

    func testFileWithoutReadPermissionIsRefused() throws {
        try XCTSkipIf(geteuid() == 0, "root may read everything")
        try Data([1]).write(to: URL(fileURLWithPath: path("secret")))
        XCTAssertEqual(chmod(path("secret"), 0), 0)
        assertRefused(path("secret"), "Permission denied")
    }

    private func assertRefused(_ path: String, _ reason: String, line: UInt = #line) {
        XCTAssertThrowsError(try WholeFile.read(path), line: line) { error in
            XCTAssertEqual(error as? SafetensorsError.Problem, .unreadable(reason: reason), line: line)
        }
    }
}
