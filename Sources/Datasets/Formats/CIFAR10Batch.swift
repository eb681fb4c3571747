/// The binary version of CIFAR-10: files of 10,000 records, each a label and then 32×32 bytes of red, of green and of
/// blue (https://www.cs.toronto.edu/~kriz/cifar.html, "Binary version").
enum CIFAR10Batch {
    static let side = 32
    static let channels = 3
    static let pixels = side * side
    static let recordBytes = 1 + pixels * channels
    static let records = 10_000

    /// The images of several files, one after the other.
    ///
    /// - Parameters:
    ///   - readers: each at the start of a file.
    ///   - classes: how many labels are allowed.
    ///   - records: how many a file holds.
    /// - Throws: `DatasetError` or `FileError`.
    static func load(_ readers: [ByteReader], classes: Int, records: Int = records) throws -> ImageSet {
        var images: [UInt8] = []
        var labels: [UInt8] = []
        for reader in readers {
            let bytes = try reader.read(exactly: records * recordBytes)
            try reader.expectEnd(after: bytes.count)
            let batchLabels = stride(from: 0, to: bytes.count, by: recordBytes).map { bytes[$0] }
            try ImageSet.check(batchLabels, classes: classes, path: reader.path)
            labels += batchLabels
            images += interleaved(bytes)
        }
        return ImageSet(
            height: side, width: side, channels: channels, classes: classes, images: images, labels: labels)
    }

    /// The pixels of all records, the channel running fastest.
    private static func interleaved(_ bytes: [UInt8]) -> [UInt8] {
        let count = bytes.count / recordBytes * pixels * channels
        return [UInt8](unsafeUninitializedCapacity: count) { images, initializedCount in
            bytes.withUnsafeBufferPointer { bytes in
                guard var source = bytes.baseAddress, var destination = images.baseAddress else { return }
                for _ in 0..<(bytes.count / recordBytes) {
                    interleave(planes: source + 1, into: destination)
                    source += recordBytes
                    destination += pixels * channels
                }
            }
            initializedCount = count
        }
    }

    /// - Parameters:
    ///   - planes: channels × pixels.
    ///   - destination: pixels × channels, overwritten.
    private static func interleave(planes: UnsafePointer<UInt8>, into destination: UnsafeMutablePointer<UInt8>) {
        var pixel = 0
        while pixel < pixels {
            destination[channels * pixel] = planes[pixel]
            destination[channels * pixel + 1] = planes[pixel + pixels]
            destination[channels * pixel + 2] = planes[pixel + 2 * pixels]
            pixel += 1
        }
    }
}
