import Files
import TestSupport
import XCTest

/// What a file takes the place of: a file, also behind links, and nothing else.
final class WritingTargetTests: FolderTestCase {
    private func link(_ name: String, to destination: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path(name), withDestinationPath: destination)
    }

    private func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
    }

    private func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    private func status(_ name: String) -> stat {
        var status = stat()
        XCTAssertEqual(stat(path(name), &status), 0, name)
        return status
    }

    private func write(_ name: String) throws { try AtomicFile.write(Array("new".utf8), to: path(name)) }

    private func assertRefused(_ path: String, _ reason: String, line: UInt = #line) {
        XCTAssertThrowsError(try AtomicFile.write([1], to: path), line: line) { error in
            XCTAssertEqual("\(error)", "\(path): the file can't be written (\(reason)).", line: line)
        }
    }

    func testASymbolicLinkIsWrittenThrough() throws {
        for folder in ["data", "links"] { try makeFolder(folder) }
        try Data("old".utf8).write(to: URL(fileURLWithPath: path("data/file")))
        try link("links/relative", to: "../data/file")
        try link("links/absolute", to: path("data/file"))
        try link("second", to: "links/relative")
        try link("folder", to: "links")
        for name in ["links/relative", "links/absolute", "second", "folder/relative"] {
            try Data("old".utf8).write(to: URL(fileURLWithPath: path("data/file")))
            let reader = try FileHandle(forReadingFrom: URL(fileURLWithPath: path(name)))
            try write(name)
            XCTAssertEqual(try text("data/file"), "new", name)
            XCTAssertEqual(try reader.readToEnd(), Data("old".utf8), "\(name): not replaced whole")
            XCTAssertEqual(
                try FileManager.default.attributesOfItem(atPath: path(name))[.type] as? FileAttributeType,
                .typeSymbolicLink, name)
        }
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: path("data")), ["file"])
    }

    func testALinkToNothingGetsItsFile() throws {
        try makeFolder("data")
        try link("link", to: "data/file")
        try write("link")
        XCTAssertEqual(try text("data/file"), "new")
        XCTAssertEqual(try FileManager.default.destinationOfSymbolicLink(atPath: path("link")), "data/file")
        try link("astray", to: "absent/file")
        assertRefused(path("astray"), "No such file or directory")
    }

    func testALinkToANameThatIsNoTextIsRefused() throws {
        XCTAssertEqual(symlink([CChar(bitPattern: 0xff), 0], path("link")), 0)
        assertRefused(path("link"), "Invalid or incomplete multibyte or wide character")
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder.path).count, 1)
    }

    func testLinksInALoopAreRefused() throws {
        try link("a", to: "b")
        try link("b", to: "a")
        assertRefused(path("a"), "Too many levels of symbolic links")
        XCTAssertEqual(try contentsOfFolder(), ["a", "b"])
    }

    func testWhatIsNoFileIsRefused() throws {
        XCTAssertEqual(mkfifo(path("pipe"), 0o600), 0)
        try makeFolder("folder")
        try link("link", to: "pipe")
        try link("device", to: "/dev/full")
        assertRefused(path("pipe"), "it is a pipe")
        assertRefused(path("link"), "it is a pipe")
        assertRefused(path("folder"), "it is a folder")
        assertRefused(path("device"), "it is a device")
        for name in ["pipe", "link", "folder", "device"] {
            XCTAssertThrowsError(try AtomicFile.requireReplaceable(path(name)), name)
        }
        XCTAssertEqual(status("pipe").st_mode & S_IFMT, S_IFIFO)
        XCTAssertEqual(try contentsOfFolder(), ["device", "folder", "link", "pipe"])
    }

    func testASocketIsRefused() throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let before = FileManager.default.currentDirectoryPath
        XCTAssertTrue(FileManager.default.changeCurrentDirectoryPath(folder.path))
        defer { XCTAssertTrue(FileManager.default.changeCurrentDirectoryPath(before)) }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: "socket".utf8) }
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        XCTAssertEqual(isBound, 0)
        assertRefused(path("socket"), "it is a socket")
    }

    func testThePermissionsOfTheOldFileAreKept() throws {
        let mask = umask(0o077)
        defer { umask(mask) }
        try write([], to: "file")
        for permissions in [0o600, 0o664, 0o751] as [mode_t] {
            XCTAssertEqual(chmod(path("file"), permissions), 0)
            try write("file")
            XCTAssertEqual(status("file").st_mode & 0o7777, permissions)
        }
    }

    func testTheOwnerOfTheOldFileIsKept() throws {
        try XCTSkipIf(geteuid() != 0, "only root may give files away")
        try write([], to: "file")
        XCTAssertEqual(chown(path("file"), 12_345, 54_321), 0)
        try write("file")
        XCTAssertEqual(status("file").st_uid, 12_345)
        XCTAssertEqual(status("file").st_gid, 54_321)
    }
}
