import Foundation
import XCTest

@testable import Files

final class LauncherPipeTests: XCTestCase {
    func testAPipeWithoutAReaderIsBrokenAndNothingElseIs() throws {
        func isBroken(_ descriptor: Int32) -> Bool { LauncherPipe.isBroken("/proc/self/fd/\(descriptor)") }
        var ends: [Int32] = [0, 0]
        XCTAssertEqual(pipe(&ends), 0)
        XCTAssertFalse(isBroken(ends[1]))
        close(ends[0])
        XCTAssertTrue(isBroken(ends[1]))
        close(ends[1])
        XCTAssertFalse(isBroken(ends[1]), "closed")

        var sockets: [Int32] = [0, 0]
        XCTAssertEqual(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &sockets), 0)
        XCTAssertFalse(isBroken(sockets[0]))
        for socket in sockets { close(socket) }
        let null = open("/dev/null", O_WRONLY)
        XCTAssertFalse(isBroken(null))
        close(null)
    }
}
