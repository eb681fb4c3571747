import Crypto
import Foundation

/// The SHA-256 of bytes that come piece by piece.
public struct Digest {
    private var hash = SHA256()

    /// The digest of no bytes.
    public init() {}

    /// Continues with `bytes`; how they are cut into pieces does not matter.
    public mutating func add(_ bytes: some DataProtocol) {
        hash.update(data: bytes)
    }

    /// The digest of all bytes so far: 64 hexadecimal digits, the letters small.
    public var hexadecimal: String {
        hash.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// The digest of `bytes`: 64 hexadecimal digits, the letters small.
    public static func hexadecimal(of bytes: some DataProtocol) -> String {
        var digest = Digest()
        digest.add(bytes)
        return digest.hexadecimal
    }

    /// The digest of the file at `path`, of which no more than a piece is held in memory.
    public static func hexadecimal(ofFile path: String) throws(FileError) -> String {
        let file = try RegularFile(path)
        var digest = Digest()
        while case let piece = try file.read(upTo: 1 << 18), !piece.isEmpty { digest.add(piece) }
        return digest.hexadecimal
    }
}
