import Files
import TestSupport
import XCTest

/// The digests of the examples in NIST's FIPS 180-2, appendix B, and of no bytes.
final class DigestTests: FolderTestCase {
    private static let ofNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    private static let ofABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    private static let ofAMillionAs = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

    func testDigestsAreThoseOfTheStandard() {
        XCTAssertEqual(Digest().hexadecimal, Self.ofNothing)
        XCTAssertEqual(Digest.hexadecimal(of: Array("abc".utf8)), Self.ofABC)
        XCTAssertEqual(Digest.hexadecimal(of: [UInt8](repeating: 0x61, count: 1_000_000)), Self.ofAMillionAs)
    }

    func testPiecesGiveTheDigestOfTheWhole() {
        var digest = Digest()
        digest.add(Array("a".utf8))
        XCTAssertNotEqual(digest.hexadecimal, Self.ofABC)
        Array("bc".utf8).withUnsafeBytes { digest.add($0) }
        XCTAssertEqual(digest.hexadecimal, Self.ofABC)
    }

    func testDigestOfAFileIsThatOfItsBytes() throws {
        try write([UInt8](repeating: 0x61, count: 1_000_000), to: "file")
        XCTAssertEqual(try Digest.hexadecimal(ofFile: path("file")), Self.ofAMillionAs)
        XCTAssertThrowsError(try Digest.hexadecimal(ofFile: path("absent"))) { error in
            XCTAssertEqual("\(error)", "\(path("absent")): the file can't be read (there is no such file).")
        }
    }
}
