import Files
import TestSupport
import XCTest

final class FolderTests: FolderTestCase {
    func testNamesAreThoseOfFilesAndFoldersInOrder() throws {
        for name in ["b", "ä", "a", ".hidden"] { try write([], to: name) }
        try FileManager.default.createDirectory(atPath: path("c"), withIntermediateDirectories: false)
        XCTAssertEqual(try Folder.names(in: folder.path), [".hidden", "a", "b", "c", "ä"])
    }

    func testEmptyFolderHoldsNothing() throws {
        XCTAssertEqual(try Folder.names(in: folder.path), [])
    }

    func testMissingFolderIsToldFromAnEmptyOne() throws {
        XCTAssertNil(try Folder.names(in: path("absent")))
    }

    func testFileInPlaceOfAFolderIsRefused() throws {
        try write([], to: "file")
        XCTAssertThrowsError(try Folder.names(in: path("file"))) { error in
            XCTAssertEqual("\(error)", "\(path("file")): the folder can't be read (Not a directory).")
        }
    }
}
