import CZlib
import Foundation
import XCTest

@testable import Datasets

/// The readers of images: IDX, plain and compressed, and the binary version of CIFAR-10.
final class DatasetFuzzTests: FuzzTestCase {
    private static let imageFile = header(0x803, 3, 2, 3) + (0..<18).map { UInt8($0 * 14) }
    private static let labelFile = header(0x801, 3) + [9, 0, 4]

    func testBrokenIDXFilesAreRefused() throws {
        let single = Self.header(0x803, 1, 1, 1) + [7]
        try fuzz(
            "idx", inputs: 20_000, corpus: [Self.imageFile, Self.labelFile], bytesPerByte: 8,
            refusal: DatasetError.self
        ) { bytes in
            try Self.readEither(bytes)
        }
        XCTAssertThrowsError(try Self.readEither(single), "one image for three labels")
    }

    /// The compressed bytes are broken; deflate makes at most 1032 bytes out of one.
    func testBrokenGzipFilesAreRefused() throws {
        let members = try Self.compressed(Array(Self.imageFile[..<9])) + Self.compressed(Array(Self.imageFile[9...]))
        let digits = PackageResources.t10k_labels_idx1_ubyte_gz
        let zeros = try Self.compressed(Self.header(0x803, 3, 500, 400) + [UInt8](repeating: 0, count: 600_000))
        try fuzz(
            "gzip", inputs: 5_000,
            corpus: [try Self.compressed(Self.imageFile), try Self.compressed(Self.labelFile), members, zeros, digits],
            bytesPerByte: 1032, refusal: DatasetError.self
        ) { bytes in
            guard bytes != digits else {
                let labels = try IDXFile(ByteReader(bytes: bytes, path: "digits"), magic: .labels)
                return XCTAssertEqual(labels.bytes.count, labels.dimensions[0])
            }
            try Self.readEither(bytes)
        }
    }

    /// The file inside is broken, the compressed bytes around it are whole: the checksum protects nothing.
    func testBrokenFilesInWholeGzipDataAreRefused() throws {
        try fuzz(
            "idx-in-gzip", inputs: 5_000, corpus: [Self.imageFile, Self.labelFile], bytesPerByte: 16,
            refusal: DatasetError.self
        ) { bytes in
            try Self.readEither(Self.compressed(bytes))
        }
    }

    func testBrokenCIFARFilesAreRefused() throws {
        let record = [3] + (0..<3072).map { UInt8(truncatingIfNeeded: $0) }
        try fuzz(
            "cifar10", inputs: 10_000, corpus: [record + record + [9] + record.dropFirst()], bytesPerByte: 8,
            refusal: DatasetError.self
        ) { bytes in
            let reader = ByteReader(bytes: bytes, path: "data_batch_1.bin")
            let set = try CIFAR10Batch.load([reader], classes: 10, records: 3)
            XCTAssertEqual(bytes.count, 3 * 3073)
            XCTAssertEqual([set.count, set.images.count], [3, 3 * 3072])
            XCTAssertEqual(set.images[3072 + 1], bytes[3073 + 1 + 1024], "green of the second image's first pixel")
            XCTAssertTrue(set.labels.allSatisfy { $0 < 10 })
        }
    }

    /// As images with whole labels, or as labels of whole images.
    private static func readEither(_ bytes: [UInt8]) throws {
        let labels = ByteReader(bytes: labelFile, path: "labels")
        let images = ByteReader(bytes: imageFile, path: "images")
        let set: ImageSet
        do {
            set = try ImageSet(idxImages: ByteReader(bytes: bytes, path: "broken"), labels: labels, classes: 10)
        } catch DatasetError.wrongMagic(_, .images, _) {
            set = try ImageSet(idxImages: images, labels: ByteReader(bytes: bytes, path: "broken"), classes: 10)
        }
        XCTAssertEqual([set.count, set.labels.count], [3, 3])
        XCTAssertEqual(set.images.count, 3 * set.height * set.width)
        XCTAssertGreaterThan(set.images.count, 0)
        XCTAssertTrue(set.labels.allSatisfy { $0 < 10 })
    }

    private static func header(_ words: UInt32...) -> [UInt8] {
        words.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } }
    }

    /// One gzip member: 15 is the largest window, 16 asks for the gzip format.
    private static func compressed(_ bytes: [UInt8]) throws -> [UInt8] {
        var stream = z_stream()
        let code = deflateInit2_(
            &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        XCTAssertEqual(code, Z_OK)
        defer { deflateEnd(&stream) }
        var source = bytes
        let room = Int(deflateBound(&stream, UInt(bytes.count))) + 32
        return source.withUnsafeMutableBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: room) { destination, produced in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = destination.baseAddress
                stream.avail_out = UInt32(destination.count)
                XCTAssertEqual(deflate(&stream, Z_FINISH), Z_STREAM_END)
                produced = destination.count - Int(stream.avail_out)
            }
        }
    }
}
