import Files

extension TensorFile {
    /// Reads a whole file, and believes nothing in it that has not been checked against the file's size.
    ///
    /// - Throws: `FileError` or `SafetensorsError`.
    public init(contentsOf path: String) throws {
        try self.init(bytes: RegularFile.bytes(of: path), path: path)
    }

    /// Reads the bytes of a file that were kept inside another one.
    ///
    /// - Parameter path: what errors call it.
    public init(bytes: [UInt8], path: String) throws(SafetensorsError) {
        do throws(SafetensorsError.Problem) {
            try self.init(path: path, bytes: bytes)
        } catch {
            throw SafetensorsError(path: path, problem: error)
        }
    }

    private init(path: String, bytes: [UInt8]) throws(SafetensorsError.Problem) {
        let dataStart = try Self.dataStart(of: bytes)
        let header = try Header(json: bytes[Self.lengthBytes..<dataStart])
        let types = try header.elementTypes()
        try header.checkLayout(dataBytes: bytes.count - dataStart)
        var tensors: [String: StoredTensor] = [:]
        bytes.withUnsafeBytes { bytes in
            for (name, type) in types {
                guard let entry = header.entries[name] else { continue }
                let extent = bytes[(dataStart + entry.dataOffsets[0])..<(dataStart + entry.dataOffsets[1])]
                tensors[name] = StoredTensor(type, shape: entry.shape, bytes: UnsafeRawBufferPointer(rebasing: extent))
            }
        }
        self.init(path: path, tensors: tensors, metadata: header.metadata ?? [:])
    }

    /// The header's length stands in eight bytes, least significant first.
    static let lengthBytes = 8

    /// Of the zip archives and of the bare pickles that torch.save writes and wrote.
    private static let beginningsOfPickles: [[UInt8]] = [[0x50, 0x4b, 0x03, 0x04], [0x80, 0x02]]

    /// The first byte behind the header.
    private static func dataStart(of bytes: [UInt8]) throws(SafetensorsError.Problem) -> Int {
        guard bytes.count >= lengthBytes else { throw .shorterThanItsHeaderLength(fileBytes: bytes.count) }
        let length = bytes[..<lengthBytes].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= Header.byteLimit else {
            if beginningsOfPickles.contains(where: bytes.starts(with:)) { throw .pickle }
            throw .headerTooLong(headerBytes: length)
        }
        guard Int(length) <= bytes.count - lengthBytes else {
            throw .headerBeyondFile(headerBytes: Int(length), fileBytes: bytes.count)
        }
        return lengthBytes + Int(length)
    }
}

extension Header {
    /// The element type of each tensor, once its entry makes sense by itself.
    fileprivate func elementTypes() throws(SafetensorsError.Problem) -> [String: ElementType] {
        var types: [String: ElementType] = [:]
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
            guard let type = ElementType(rawValue: entry.dtype) else {
                throw .unknownElementType(tensor: name, name: entry.dtype)
            }
            guard let byteCount = entry.byteCount(of: type) else {
                throw .impossibleShape(tensor: name, shape: entry.shape)
            }
            let offsets = entry.dataOffsets
            guard offsets.count == 2, offsets[0] >= 0, offsets[1] >= offsets[0] else {
                throw .impossibleOffsets(tensor: name, offsets: offsets)
            }
            guard byteCount == offsets[1] - offsets[0] else {
                throw .wrongByteCount(tensor: name, expected: byteCount, found: offsets[1] - offsets[0])
            }
            types[name] = type
        }
        return types
    }

    /// The tensors must fill the data without a gap and without an overlap.
    fileprivate func checkLayout(dataBytes: Int) throws(SafetensorsError.Problem) {
        let inFileOrder = entries.sorted {
            ($0.value.dataOffsets[0], $0.value.dataOffsets[1], $0.key)
                < ($1.value.dataOffsets[0], $1.value.dataOffsets[1], $1.key)
        }
        var claimed = 0
        for (name, entry) in inFileOrder {
            let (start, end) = (entry.dataOffsets[0], entry.dataOffsets[1])
            guard end <= dataBytes else { throw .dataBeyondFile(tensor: name, end: end, dataBytes: dataBytes) }
            guard start >= claimed else { throw .overlap(tensor: name) }
            guard start == claimed else { throw .gap(beforeTensor: name, bytes: start - claimed) }
            claimed = end
        }
        guard claimed == dataBytes else { throw .unclaimedBytes(dataBytes - claimed) }
    }
}

extension Header.Entry {
    /// Bytes that the shape asks for; nil if a dimension is negative or the number can't be counted.
    fileprivate func byteCount(of type: ElementType) -> Int? {
        var count = type.byteCount
        for length in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: length)
            guard length >= 0, !overflow else { return nil }
            count = product
        }
        return count
    }
}
