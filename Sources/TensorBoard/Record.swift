extension [UInt8] {
    /// Adds a record, as TensorFlow's record files hold them: the length of the data in 8 bytes, its checksum, the data, and
    /// its checksum.
    mutating func appendRecord(_ data: [UInt8]) {
        let length = littleEndianBytes(of: UInt64(data.count))
        self += length
        self += littleEndianBytes(of: Checksum.masked(of: length))
        self += data
        self += littleEndianBytes(of: Checksum.masked(of: data))
    }
}

/// A number as bytes, the lowest first.
func littleEndianBytes(of number: some FixedWidthInteger) -> [UInt8] {
    Swift.withUnsafeBytes(of: number.littleEndian, Array.init)
}
