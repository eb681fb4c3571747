import XCTest

@testable import TensorBoard

/// The bytes of records.
final class RecordTests: XCTestCase {
    /// The check value of the catalogue of CRCs, and the examples of RFC 3720, appendix B.4.
    func testChecksumsAreThoseOfCRC32C() {
        XCTAssertEqual(Checksum.crc32C(of: "123456789".utf8), 0xE306_9283)
        XCTAssertEqual(Checksum.crc32C(of: []), 0)
        XCTAssertEqual(Checksum.crc32C(of: Array(repeating: 0, count: 32)), 0x8A91_36AA)
        XCTAssertEqual(Checksum.crc32C(of: Array(repeating: 0xFF, count: 32)), 0x62A8_AB43)
        XCTAssertEqual(Checksum.crc32C(of: 0..<32), 0x46DD_794E)
        XCTAssertEqual(Checksum.crc32C(of: (0..<32).reversed()), 0x113F_DB5C)
    }

    func testChecksumsAreMasked() {
        XCTAssertEqual(Checksum.masked(of: "123456789".utf8), 0xC78A_B0E5)
    }

    /// The first record of a file that TensorFlow began at the moment 1.7e9.
    func testTheFirstRecordIsThatOfTensorFlow() throws {
        var event = Tensorboard_Event()
        event.wallTime = 1.7e9
        event.fileVersion = "brain.Event:2"
        var records: [UInt8] = []
        records.appendRecord(try event.bytes)
        let hexadecimal = records.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        XCTAssertEqual(
            hexadecimal,
            "1800000000000000a37f4b22" + "0900000040fc54d941" + "1a0d627261696e2e4576656e743a32" + "eced8f9d")
    }

    func testRecordsFollowEachOther() {
        var records: [UInt8] = []
        records.appendRecord([])
        XCTAssertEqual(records.count, 16)
        let first = records
        records.appendRecord([7])
        XCTAssertEqual(records.count, 16 + 17)
        XCTAssertEqual(Array(records.prefix(16)), first)
    }
}
