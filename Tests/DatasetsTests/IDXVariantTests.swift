import Datasets
import Files
import Foundation
import XCTest

/// Files in MNIST's format as other programs and archives leave them.
final class IDXVariantTests: TemporaryFilesTestCase {
    private let images = "train-images-idx3-ubyte"
    private let labels = "train-labels-idx1-ubyte"
    private let pixels: [UInt8] = [0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255]

    private var imageFile: [UInt8] { header(0x803, 2, 2, 3) + pixels }

    override func setUpWithError() throws {
        try super.setUpWithError()
        try write(imageFile, to: images)
        try write(header(0x801, 2) + [9, 0], to: labels)
        try write(header(0x803, 1, 2, 3) + [7, 7, 7, 8, 8, 8], to: "t10k-images-idx3-ubyte")
        try write(header(0x801, 1) + [5], to: "t10k-labels-idx1-ubyte")
    }

    private func load() throws -> Dataset {
        try Dataset.source("mnist", DatasetSettings(directory: directory)).load()
    }

    private func assertLoads(_ context: String, line: UInt = #line) throws {
        let dataset = try load()
        XCTAssertEqual(dataset.train.images, pixels, context, line: line)
        XCTAssertEqual(dataset.train.labels, [9, 0], context, line: line)
    }

    private func assertRefused(_ sentence: String, line: UInt = #line) {
        XCTAssertThrowsError(try load(), line: line) { XCTAssertEqual("\($0)", sentence, line: line) }
    }

    /// As from a tape; the reader takes 262,144 bytes at a time.
    func testZerosBehindCompressedDataAreFilling() throws {
        let file = try compressed(imageFile)
        for count in [1, 512, 262_144 - file.count, 600_000] {
            try write(file + [UInt8](repeating: 0, count: count), to: images)
            try assertLoads("\(count) zeros")
        }
        let members = try compressed(Array(imageFile[..<20])) + [0, 0] + compressed(Array(imageFile[20...])) + [0]
        try write(members, to: images)
        try assertLoads("between members")
    }

    func testOtherBytesBehindCompressedDataAreRefused() throws {
        for rest in [[1], [0, 0, 1]] as [[UInt8]] {
            try write(compressed(imageFile) + rest, to: images)
            XCTAssertThrowsError(try load()) { error in
                guard case DatasetError.corruptGzip = error else { return XCTFail("\(error)") }
            }
        }
    }

    func testZerosAmidOrInsteadOfCompressedDataAreNone() throws {
        let file = try compressed(imageFile)
        try write(file.dropLast(8) + [UInt8](repeating: 0, count: 512), to: images)
        XCTAssertThrowsError(try load())
        try write(imageFile + [0], to: images)
        XCTAssertThrowsError(try load())
    }

    /// As Kaggle's archive of MNIST unpacks.
    func testAFolderOfTheNameDoesNotHideTheFileBesideIt() throws {
        try FileManager.default.removeItem(atPath: path(images))
        try FileManager.default.createDirectory(atPath: path(images), withIntermediateDirectories: false)
        try write(imageFile, to: "train-images.idx3-ubyte")
        try assertLoads("beside")
    }

    func testAFileInAFolderOfItsNameIsFound() throws {
        try FileManager.default.removeItem(atPath: path(images))
        try FileManager.default.createDirectory(atPath: path(images), withIntermediateDirectories: false)
        try write(imageFile, to: "\(images)/\(images)")
        try assertLoads("inside")
    }

    func testLabelsOfEveryWholeNumberTypeAreRead() throws {
        let files: [(magic: UInt32, bytes: [UInt8])] = [
            (0x901, [9, 0]), (0xb01, [0, 9, 0, 0]), (0xc01, [0, 0, 0, 9, 0, 0, 0, 0]),
        ]
        for (magic, bytes) in files {
            try write(header(magic, 2) + bytes, to: labels)
            try assertLoads("\(magic)")
        }
    }

    func testALabelThatIsNoClassIsNamedWhateverItsType() throws {
        let files: [(magic: UInt32, bytes: [UInt8], label: Int)] = [
            (0x901, [9, 0xff], -1), (0xb01, [0, 9, 1, 4], 260), (0xc01, [0, 0, 0, 9, 0xff, 0xff, 0xff, 0xfe], -2),
        ]
        for (magic, bytes, label) in files {
            try write(header(magic, 2) + bytes, to: labels)
            assertRefused(
                "\(path(labels)) gives image 1 (counted from 0) the label \(label), beyond 0 to 9: "
                    + "use a data set of 10 classes")
        }
    }

    func testOtherElementsAreNamedInWords() throws {
        let elements: [(code: UInt32, words: String)] = [
            (0x9, "signed bytes"), (0xb, "16-bit integers"), (0xc, "32-bit integers"),
            (0xd, "32-bit floating-point numbers"), (0xe, "64-bit floating-point numbers"),
        ]
        for (code, words) in elements {
            try write(header(code << 8 | 3, 2, 2, 3) + [UInt8](repeating: 0, count: 96), to: images)
            assertRefused(
                "\(path(images)) should hold images (unsigned bytes in 3 dimensions) but holds \(words) in 3 dimensions: "
                    + "write them as unsigned bytes")
        }
        try write(header(0x804, 2, 2, 3, 1) + pixels, to: images)
        assertRefused(
            "\(path(images)) should hold images (unsigned bytes in 3 dimensions) but holds unsigned bytes in 4 "
                + "dimensions: use the file of images")
        try write(imageFile, to: images)
        try write(header(0xd01, 2) + [UInt8](repeating: 0, count: 8), to: labels)
        assertRefused(
            "\(path(labels)) should hold labels (whole numbers in 1 dimension) but holds 32-bit floating-point numbers "
                + "in 1 dimension: write them as unsigned bytes")
    }
}
