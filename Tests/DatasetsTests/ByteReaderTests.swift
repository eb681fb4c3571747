import Files
import Foundation
import XCTest

@testable import Datasets

/// What reading makes of files that are no ordinary ones.
final class ByteReaderTests: TemporaryFilesTestCase {
    func testEmptyFileHasNoBytesAndAnEnd() throws {
        try write([], to: "empty")
        let reader = try ByteReader(path: path("empty"))
        XCTAssertEqual(try reader.read(upTo: 10), [])
        XCTAssertNoThrow(try reader.expectEnd(after: 0))
    }

    func testFileOfAGzipsFirstByteAloneIsNotTakenForOne() throws {
        try write([0x1f], to: "short")
        XCTAssertEqual(try ByteReader(path: path("short")).read(upTo: 10), [0x1f])
    }

    func testMissingFileIsRefused() {
        XCTAssertThrowsError(try ByteReader(path: path("absent"))) { error in
            XCTAssertEqual((error as? FileError)?.path, path("absent"))
        }
    }

    func testFileCutWhileItIsReadIsTruncated() throws {
        let bytes = [UInt8](repeating: 7, count: 1_000_000)
        try write(bytes, to: "cut")
        let reader = try ByteReader(path: path("cut"))
        let start = try reader.read(exactly: 10)
        // What was read ahead is still there, and nothing else.
        XCTAssertEqual(truncate(path("cut"), 20), 0)
        XCTAssertThrowsError(try reader.read(exactly: bytes.count - start.count, after: start.count)) { error in
            guard case .truncated(path("cut"), bytes.count, let found)? = error as? DatasetError else {
                return XCTFail("\(error)")
            }
            XCTAssertLessThan(found, bytes.count)
        }
    }

    func testCompressedFileCutWhileItIsReadIsCorrupt() throws {
        // Bytes without a pattern (Knuth's linear congruence), or compression would leave fewer than are read ahead.
        var state: UInt64 = 1
        let bytes = (0..<1_000_000).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(state >> 56)
        }
        let packed = try compressed(bytes)
        XCTAssertGreaterThan(packed.count, 500_000)
        try write(packed, to: "cut.gz")
        let reader = try ByteReader(path: path("cut.gz"))
        XCTAssertEqual(try reader.read(exactly: 10), Array(bytes.prefix(10)))
        XCTAssertEqual(truncate(path("cut.gz"), 20), 0)
        XCTAssertThrowsError(try reader.read(upTo: bytes.count)) { error in
            XCTAssertEqual(
                error as? DatasetError,
                .corruptGzip(path: path("cut.gz"), reason: "it ends amid the compressed data"))
        }
    }
}
