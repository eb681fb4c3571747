import Files

/// Reads a file, or bytes in memory, from start to end, decompressed on the way if the first bytes say gzip.
///
/// Nothing is held but two chunks, so that a file costs the memory of what is asked from it, whatever it claims.
final class ByteReader {
    /// What messages call the file.
    let path: String
    /// nil for bytes in memory, all of which are in the chunk from the beginning.
    private let file: RegularFile?
    /// Bytes as they are in the file.
    private let chunk: UnsafeMutableBufferPointer<UInt8>
    /// What of the chunk wasn't consumed yet.
    private var unread: Range<Int>
    /// Uncompressed bytes on their way to an array, which grows only by what was found.
    private let decoded: UnsafeMutableBufferPointer<UInt8>
    /// nil for bytes that aren't compressed.
    private var inflater: Inflater?
    private static let chunkBytes = 1 << 18

    /// Opens the file at `path`.
    init(path: String) throws(FileError) {
        self.path = path
        file = try RegularFile(path)
        chunk = .allocate(capacity: Self.chunkBytes)
        decoded = .allocate(capacity: Self.chunkBytes)
        unread = 0..<0
        try readChunk()
        recogniseCompression()
    }

    /// - Parameters:
    ///   - bytes: what is read.
    ///   - path: what messages call it.
    init(bytes: [UInt8], path: String) {
        self.path = path
        file = nil
        chunk = .allocate(capacity: bytes.count)
        decoded = .allocate(capacity: Self.chunkBytes)
        _ = chunk.initialize(fromContentsOf: bytes)
        unread = 0..<bytes.count
        recogniseCompression()
    }

    deinit {
        chunk.deallocate()
        decoded.deallocate()
    }

    /// The next bytes, uncompressed: `limit` of them, or all that are left if these are fewer.
    ///
    /// Memory grows with what was found, not with the limit.
    func read(upTo limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < limit {
            let wanted = min(limit - bytes.count, decoded.count)
            let found = try fill(UnsafeMutableBufferPointer(rebasing: decoded[..<wanted]))
            bytes.append(contentsOf: UnsafeMutableBufferPointer(rebasing: decoded[..<found]))
            if found < wanted {
                break
            }
        }
        return bytes
    }

    /// The next `count` bytes, uncompressed.
    ///
    /// - Parameters:
    ///   - count: how many bytes.
    ///   - consumed: how many were read before, for the message.
    /// - Throws: `DatasetError.truncated` if there are fewer, or `FileError`.
    func read(exactly count: Int, after consumed: Int = 0) throws -> [UInt8] {
        let bytes = try read(upTo: count)
        guard bytes.count == count else {
            throw DatasetError.truncated(
                path: path, expectedBytes: consumed + count, foundBytes: consumed + bytes.count)
        }
        return bytes
    }

    /// Makes sure that nothing follows, and that the checksum of compressed data is right.
    ///
    /// - Parameter consumed: how many bytes were read, for the message.
    func expectEnd(after consumed: Int) throws {
        guard try read(upTo: 1).isEmpty else {
            throw DatasetError.trailingBytes(path: path, expectedBytes: consumed)
        }
    }

    /// Overwrites the destination as far as there are bytes, and returns how far that was.
    private func fill(_ destination: UnsafeMutableBufferPointer<UInt8>) throws -> Int {
        var filled = 0
        while filled < destination.count {
            try readOn()
            if unread.isEmpty {
                guard inflater?.isBetweenMembers ?? true else {
                    throw DatasetError.corruptGzip(path: path, reason: "it ends amid the compressed data")
                }
                break
            }
            let rest = UnsafeMutableBufferPointer(rebasing: destination[filled...])
            if let inflater {
                filled += try decompress(inflater, into: rest)
            } else {
                filled += copy(into: rest)
            }
        }
        return filled
    }

    private func decompress(
        _ inflater: Inflater, into destination: UnsafeMutableBufferPointer<UInt8>
    ) throws(DatasetError) -> Int {
        let source = UnsafeMutableBufferPointer(rebasing: chunk[unread])
        do {
            let progress = try inflater.inflate(source, into: destination)
            unread = (unread.lowerBound + progress.consumed)..<unread.upperBound
            return progress.produced
        } catch {
            throw .corruptGzip(path: path, reason: error.reason)
        }
    }

    private func copy(into destination: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let count = min(unread.count, destination.count)
        _ = destination.update(fromContentsOf: chunk[unread.prefix(count)])
        unread = unread.dropFirst(count)
        return count
    }

    /// Makes sure that there are unread bytes, unless the file is at its end. Zeros behind compressed data are passed over:
    /// they fill up the last block of what was on a tape or a disk, and gzip itself does so.
    private func readOn() throws(FileError) {
        repeat {
            if unread.isEmpty { try readChunk() }
            if unread.isEmpty { return }
            if let inflater, inflater.isBetweenMembers { unread = unread.drop { chunk[$0] == 0 } }
        } while unread.isEmpty
    }

    /// Replaces the chunk, all of which was consumed; at the end of the file it stays empty.
    private func readChunk() throws(FileError) {
        guard let file else { return }
        unread = 0..<(try file.read(into: chunk))
    }

    private func recogniseCompression() {
        if unread.count >= 2 && chunk[0] == 0x1f && chunk[1] == 0x8b {
            inflater = Inflater()
        }
    }
}
