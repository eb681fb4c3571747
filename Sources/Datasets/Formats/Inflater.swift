import CZlib

/// Decompresses gzip data, of one member or of several in a row, with zlib.
final class Inflater {
    /// What zlib found wrong.
    struct Failure: Error {
        let reason: String
    }

    /// Whether the data may end here: everything consumed so far forms complete members with right checksums.
    private(set) var isBetweenMembers = true
    /// zlib's state refers back to this structure, which must therefore stay where it is.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    /// 15 is the largest window, 16 asks for the gzip format.
    private static let gzipWindowBits: Int32 = 15 + 16

    init() {
        stream.initialize(to: z_stream())
        let code = inflateInit2_(stream, Self.gzipWindowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(code == Z_OK, "inflateInit2 fails with \(code): out of memory, or another zlib than built with")
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// Decompresses until the source is used up, a member ends or the destination is full.
    ///
    /// - Parameters:
    ///   - source: compressed bytes, at least one. zlib only reads them.
    ///   - destination: overwritten from its start.
    /// - Returns: how many bytes of the source were consumed and of the destination produced.
    func inflate(
        _ source: UnsafeMutableBufferPointer<UInt8>, into destination: UnsafeMutableBufferPointer<UInt8>
    ) throws(Failure) -> (consumed: Int, produced: Int) {
        if isBetweenMembers {
            inflateReset(stream)
            isBetweenMembers = false
        }
        let sourceCount = UInt32(clamping: source.count)
        let destinationCount = UInt32(clamping: destination.count)
        stream.pointee.next_in = source.baseAddress
        stream.pointee.avail_in = sourceCount
        stream.pointee.next_out = destination.baseAddress
        stream.pointee.avail_out = destinationCount
        switch CZlib.inflate(stream, Z_NO_FLUSH) {
        case Z_OK:
            break
        case Z_STREAM_END:
            isBetweenMembers = true
        case let code:
            throw Failure(reason: stream.pointee.msg.map { String(cString: $0) } ?? "zlib's inflate returns \(code)")
        }
        return (Int(sourceCount - stream.pointee.avail_in), Int(destinationCount - stream.pointee.avail_out))
    }
}
