import Files
import TestSupport
import XCTest

final class AtomicFileTests: FolderTestCase {
    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: path(name), encoding: .utf8)
    }

    func testNewFileHoldsTheBytesAndNothingElseIsLeft() throws {
        try AtomicFile.write(Array("first".utf8), to: path("file"))
        XCTAssertEqual(try text("file"), "first")
        XCTAssertEqual(try contentsOfFolder(), ["file"])
    }

    func testOldFileIsReplaced() throws {
        try AtomicFile.write(Array("a longer first text".utf8), to: path("file"))
        try AtomicFile.write([], to: path("file"))
        XCTAssertEqual(try text("file"), "")
        XCTAssertEqual(try contentsOfFolder(), ["file"])
    }

    func testReaderOfTheOldFileKeepsReadingIt() throws {
        try AtomicFile.write(Array("old".utf8), to: path("file"))
        let reader = try FileHandle(forReadingFrom: URL(fileURLWithPath: path("file")))
        try AtomicFile.write(Array("new".utf8), to: path("file"))
        XCTAssertEqual(try reader.readToEnd(), Data("old".utf8))
    }

    func testPathWithoutAFolderMeansTheCurrentOne() throws {
        let before = FileManager.default.currentDirectoryPath
        XCTAssertTrue(FileManager.default.changeCurrentDirectoryPath(folder.path))
        defer { XCTAssertTrue(FileManager.default.changeCurrentDirectoryPath(before)) }
        try AtomicFile.write(Array("here".utf8), to: "file")
        XCTAssertEqual(try text("file"), "here")
    }

    func testOthersMayReadTheFileAsTheUmaskSays() throws {
        let mask = umask(0o027)
        defer { umask(mask) }
        try AtomicFile.write([1], to: path("file"))
        let permissions = try FileManager.default.attributesOfItem(atPath: path("file"))[.posixPermissions] as? Int
        XCTAssertEqual(permissions, 0o640)
    }

    func testWriteThatFailsHalfWayKeepsTheOldFileAndRemovesTheTemporaryOne() throws {
        try AtomicFile.write(Array("old".utf8), to: path("file"))
        // Files of this process may not grow beyond 4,096 bytes for a moment: the system accepts a part and then refuses.
        var limit = rlimit()
        XCTAssertEqual(getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit), 0)
        var small = limit
        small.rlim_cur = 4096
        let handler = signal(SIGXFSZ, SIG_IGN)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &small)
        let result = Result { try AtomicFile.write([UInt8](repeating: 1, count: 10_000), to: path("file")) }
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        signal(SIGXFSZ, handler)
        XCTAssertThrowsError(try result.get()) { error in
            XCTAssertEqual("\(error)", "\(path("file")): the file can't be written (File too large).")
        }
        XCTAssertEqual(try text("file"), "old")
        XCTAssertEqual(try contentsOfFolder(), ["file"])
    }

    func testFolderInPlaceOfTheFileIsRefusedAndTheTemporaryFileRemoved() throws {
        try FileManager.default.createDirectory(atPath: path("taken"), withIntermediateDirectories: false)
        XCTAssertThrowsError(try AtomicFile.write([1], to: path("taken"))) { error in
            XCTAssertEqual("\(error)", "\(path("taken")): the file can't be written (it is a folder).")
        }
        XCTAssertEqual(try contentsOfFolder(), ["taken"])
    }

    func testFileInPlaceOfTheFolderIsRefused() throws {
        try AtomicFile.write([1], to: path("file"))
        XCTAssertThrowsError(try AtomicFile.write([1], to: path("file/inner"))) { error in
            XCTAssertEqual("\(error)", "\(path("file/inner")): the file can't be written (Not a directory).")
        }
    }

    func testFolderWithoutWritePermissionIsRefused() throws {
        try XCTSkipIf(geteuid() == 0, "root may write everywhere")
        XCTAssertEqual(chmod(folder.path, 0o555), 0)
        defer { chmod(folder.path, 0o755) }
        XCTAssertThrowsError(try AtomicFile.write([1], to: path("file"))) { error in
            XCTAssertEqual("\(error)", "\(path("file")): the file can't be written (Permission denied).")
        }
    }
}
