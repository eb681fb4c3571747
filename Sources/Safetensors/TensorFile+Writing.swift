import Files
import Foundation

extension TensorFile {
    /// Writes the file under a temporary name and renames it: a reader sees the old file or the whole new one.
    ///
    /// The same tensors and metadata give the same bytes, whatever order they were stored in.
    ///
    /// - Throws: `FileError` or `SafetensorsError`; what was at `path` is then still there.
    public func write(to path: String) throws {
        try AtomicFile.write(serialized(for: path), to: path)
    }

    /// The bytes of the file, to be kept inside another one.
    public func serialized() throws(SafetensorsError) -> [UInt8] {
        try serialized(for: path)
    }

    private func serialized(for path: String) throws(SafetensorsError) -> [UInt8] {
        do throws(SafetensorsError.Problem) {
            return try headerAndData()
        } catch {
            throw SafetensorsError(path: path, problem: error)
        }
    }

    /// The header in name order, padded with spaces to a multiple of eight bytes, and the data.
    private func headerAndData() throws(SafetensorsError.Problem) -> [UInt8] {
        guard self[Header.metadataName] == nil else { throw .reservedName(Header.metadataName) }
        var header = Header()
        header.metadata = metadata.isEmpty ? nil : metadata
        var data: [UInt8] = []
        for (name, tensor) in inDataOrder() {
            let start = data.count
            tensor.append(to: &data)
            header.entries[name] = Header.Entry(
                dtype: tensor.elementType.rawValue, shape: tensor.shape, dataOffsets: [start, data.count])
        }
        let json = try header.paddedJSON()
        let length = UInt64(json.count)
        return (0..<Self.lengthBytes).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + json + data
    }

    /// Wide elements come first, so that every tensor starts at a multiple of its element's size: readers that view
    /// the file in place (as PyTorch does) refuse other offsets.
    private func inDataOrder() -> [(name: String, tensor: StoredTensor)] {
        names.compactMap { name in self[name].map { (name, $0) } }
            .sorted { ($1.tensor.elementType.byteCount, $0.name) < ($0.tensor.elementType.byteCount, $1.name) }
    }
}

extension Header {
    fileprivate func paddedJSON() throws(SafetensorsError.Problem) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var json: [UInt8]
        do {
            json = try [UInt8](encoder.encode(self))
        } catch {
            throw .invalidJSON
        }
        json += [UInt8](repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
        guard json.count <= Self.byteLimit else { throw .headerTooLong(headerBytes: UInt64(json.count)) }
        return json
    }
}
