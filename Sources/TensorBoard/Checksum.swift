/// The checksums of records: CRC-32C (Castagnoli; RFC 3720, section 12.1), masked as in TensorFlow's record files, where
/// checksums of data that holds checksums stay as good as others.
enum Checksum {
    /// Of some bytes, masked.
    static func masked(of bytes: some Sequence<UInt8>) -> UInt32 {
        let sum = crc32C(of: bytes)
        return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
    }

    /// Of some bytes.
    static func crc32C(of bytes: some Sequence<UInt8>) -> UInt32 {
        table.withUnsafeBufferPointer { table in
            var sum = ~UInt32(0)
            for byte in bytes {
                let index = UInt8(truncatingIfNeeded: sum) ^ byte
                sum = table[Int(index)] ^ (sum >> 8)
            }
            return ~sum
        }
    }

    /// What each byte leaves behind when it is divided by the polynomial 0x1EDC6F41, lowest bit first.
    private static let table: [UInt32] = (0..<256).map { byte in
        var remainder = UInt32(byte)
        for _ in 0..<8 {
            let isOdd = remainder & 1 == 1
            remainder >>= 1
            if isOdd { remainder ^= 0x82F6_3B78 }
        }
        return remainder
    }
}
