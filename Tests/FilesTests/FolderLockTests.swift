import Files
import Foundation
import TestSupport
import XCTest

final class FolderLockTests: FolderTestCase {
    private var file: String { path(FolderLock.fileName) }

    func testTheSecondIsToldWhoHasTheFolder() throws {
        let first = try FolderLock(folder.path)
        XCTAssertThrowsError(try FolderLock(folder.path)) {
            XCTAssertEqual($0 as? FolderLockError, .held(by: .current, file: file))
        }
        first.release()
        XCTAssertFalse(FileManager.default.fileExists(atPath: file))
        let second = try FolderLock(folder.path)
        XCTAssertNil(second.leftBy)
        second.release()
    }

    func testALockThatWasNotReleasedIsGivenUp() throws {
        var first: FolderLock? = try FolderLock(folder.path)
        first = nil
        XCTAssertNil(first)
        XCTAssertTrue(FileManager.default.fileExists(atPath: file))
        let second = try FolderLock(folder.path)
        XCTAssertNil(second.leftBy)
        second.release()
    }

    func testTheProcessOfAnotherHostIsNamed() throws {
        let other = ProcessIdentity(host: "elsewhere", process: 7, beginning: 8)
        try JSONEncoder().encode(other).write(to: URL(fileURLWithPath: file))
        let lock = try FolderLock(folder.path)
        XCTAssertEqual(lock.leftBy, other)
        lock.release()
    }

    func testAProcessIsKnownByItsBeginning() throws {
        let own = ProcessIdentity.current
        XCTAssertEqual(own.process, Int(getpid()))
        XCTAssertEqual(own.isRunning, true)
        XCTAssertEqual(ProcessIdentity(host: own.host, process: own.process, beginning: -1).isRunning, false)
        XCTAssertEqual(ProcessIdentity(host: own.host, process: 1 << 30, beginning: own.beginning).isRunning, false)
        XCTAssertNil(ProcessIdentity(host: "elsewhere", process: own.process, beginning: own.beginning).isRunning)
    }
}
