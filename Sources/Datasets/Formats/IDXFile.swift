/// The format of MNIST's files: a magic number, then per dimension its length, each of four bytes and big endian, then
/// unsigned bytes, the last dimension running fastest (http://yann.lecun.com/exdb/mnist, "the IDX file format").
struct IDXFile {
    let dimensions: [Int]
    let bytes: [UInt8]

    /// - Parameters:
    ///   - reader: at the start of a file.
    ///   - magic: what the file should hold.
    /// - Throws: `DatasetError` if the file holds anything else, or less or more than its header says; `FileError`.
    init(_ reader: ByteReader, magic: IDXMagic) throws {
        let found = UInt32(try Self.readWord(reader, after: 0))
        guard found == magic.rawValue else {
            throw DatasetError.wrongMagic(path: reader.path, expected: magic, found: found)
        }
        var dimensions: [Int] = []
        for index in 1...magic.dimensionCount {
            dimensions.append(try Self.readWord(reader, after: 4 * index))
        }
        self.dimensions = dimensions
        let headerBytes = 4 + 4 * dimensions.count
        guard let total = Self.total(headerBytes: headerBytes, dimensions: dimensions) else {
            throw DatasetError.impossibleSize(path: reader.path, dimensions: dimensions)
        }
        bytes = try reader.read(exactly: total - headerBytes, after: headerBytes)
        try reader.expectEnd(after: total)
        guard !bytes.isEmpty else {
            throw DatasetError.noImages(path: reader.path, dimensions: dimensions)
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

extension IDXMagic {
    /// The last byte of the magic number.
    fileprivate var dimensionCount: Int { Int(rawValue & 0xff) }
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
        try Self.check(labels.bytes, classes: classes, path: labelReader.path)
        self.init(
            height: images.dimensions[1], width: images.dimensions[2], channels: 1, classes: classes,
            images: images.bytes, labels: labels.bytes)
    }

    /// - Parameters:
    ///   - labels: the labels of a file.
    ///   - classes: how many are allowed.
    ///   - path: the file.
    static func check(_ labels: [UInt8], classes: Int, path: String) throws(DatasetError) {
        if let index = labels.firstIndex(where: { $0 >= classes }) {
            throw .labelBeyondClasses(path: path, index: index, label: labels[index], classes: classes)
        }
    }
}
