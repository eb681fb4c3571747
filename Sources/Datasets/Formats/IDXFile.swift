/// The format of MNIST's files: a magic number, then per dimension its length, each of four bytes and big endian, then
/// elements, big endian too, the last dimension running fastest (http://yann.lecun.com/exdb/mnist, "the IDX file format").
struct IDXFile {
    let dimensions: [Int]
    let bytes: [UInt8]
    private let element: IDXElement

    /// - Parameters:
    ///   - reader: at the start of a file.
    ///   - magic: what the file should hold. Pixels are unsigned bytes; labels may be whole numbers of any type.
    /// - Throws: `DatasetError` if the file holds anything else, or less or more than its header says; `FileError`.
    init(_ reader: ByteReader, magic: IDXMagic) throws {
        let found = UInt32(try Self.readWord(reader, after: 0))
        guard let (element, count) = IDXElement.read(magic: found), count == magic.dimensionCount,
            magic == .labels ? element.isInteger : element == .unsignedByte
        else {
            throw DatasetError.wrongMagic(path: reader.path, expected: magic, found: found)
        }
        var dimensions: [Int] = []
        for index in 1...magic.dimensionCount {
            dimensions.append(try Self.readWord(reader, after: 4 * index))
        }
        self.dimensions = dimensions
        self.element = element
        let headerBytes = 4 + 4 * dimensions.count
        guard let total = Self.total(headerBytes: headerBytes, dimensions: dimensions + [element.byteCount]) else {
            throw DatasetError.impossibleSize(path: reader.path, dimensions: dimensions)
        }
        bytes = try reader.read(exactly: total - headerBytes, after: headerBytes)
        try reader.expectEnd(after: total)
        guard !bytes.isEmpty else {
            throw DatasetError.noImages(path: reader.path, dimensions: dimensions)
        }
    }

    /// The elements, which are whole numbers.
    var integers: [Int] {
        stride(from: 0, to: bytes.count, by: element.byteCount).map { start in
            let first = element == .unsignedByte ? Int(bytes[start]) : Int(Int8(bitPattern: bytes[start]))
            return bytes[start..<start + element.byteCount].dropFirst().reduce(first) { $0 << 8 | Int($1) }
        }
    }

    private static func readWord(_ reader: ByteReader, after consumed: Int) throws -> Int {
        try reader.read(exactly: 4, after: consumed).reduce(0) { $0 << 8 | Int($1) }
    }

    /// The length of the whole file, or nil if it can't be counted.
    private static func total(headerBytes: Int, dimensions: [Int]) -> Int? {
        var product = 1
        for dimension in dimensions {
            let (partial, overflow) = product.multipliedReportingOverflow(by: dimension)
            if overflow { return nil }
            product = partial
        }
        let (total, overflow) = product.addingReportingOverflow(headerBytes)
        return overflow ? nil : total
    }
}

extension ImageSet {
    /// Grey images and their labels from two IDX files.
    ///
    /// - Throws: `DatasetError` or `FileError`.
    init(idxImages imageReader: ByteReader, labels labelReader: ByteReader, classes: Int) throws {
        let images = try IDXFile(imageReader, magic: .images)
        let labels = try IDXFile(labelReader, magic: .labels)
        guard images.dimensions[0] == labels.dimensions[0] else {
            throw DatasetError.countMismatch(
                imagePath: imageReader.path, images: images.dimensions[0],
                labelPath: labelReader.path, labels: labels.dimensions[0])
        }
        let classOfEach = labels.integers
        try Self.check(classOfEach, classes: classes, path: labelReader.path)
        self.init(
            height: images.dimensions[1], width: images.dimensions[2], channels: 1, classes: classes,
            images: images.bytes, labels: classOfEach.map { UInt8($0) })
    }

    /// - Parameters:
    ///   - labels: the labels of a file.
    ///   - classes: how many are allowed.
    ///   - path: the file.
    static func check(_ labels: [some BinaryInteger], classes: Int, path: String) throws(DatasetError) {
        if let index = labels.firstIndex(where: { $0 < 0 || $0 >= classes }) {
            throw .labelBeyondClasses(path: path, index: index, label: Int(labels[index]), classes: classes)
        }
    }
}
