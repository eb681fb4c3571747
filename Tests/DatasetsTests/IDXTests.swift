import Datasets
import Files
import Foundation
import XCTest

/// Tiny data sets in MNIST's format: three training images and one test image, of two rows and three columns.
final class IDXTests: TemporaryFilesTestCase {
    private let trainPixels: [UInt8] = [0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255, 10, 20, 30, 40, 50, 60]
    private let trainLabels: [UInt8] = [9, 0, 4]
    private let testPixels: [UInt8] = [7, 7, 7, 8, 8, 8]

    private var trainImageFile: [UInt8] { header(0x803, 3, 2, 3) + trainPixels }
    private var trainLabelFile: [UInt8] { header(0x801, 3) + trainLabels }

    override func setUpWithError() throws {
        try super.setUpWithError()
        try write(trainImageFile, to: "train-images-idx3-ubyte")
        try write(trainLabelFile, to: "train-labels-idx1-ubyte")
        try write(header(0x803, 1, 2, 3) + testPixels, to: "t10k-images-idx3-ubyte")
        try write(header(0x801, 1) + [5], to: "t10k-labels-idx1-ubyte")
    }

    func testPixelsAndLabelsAreThoseOfTheFiles() throws {
        try assertLoadsTheKnownImages()
    }

    func testCompressedFilesAreRead() throws {
        try replace("train-images-idx3-ubyte", by: compressed(trainImageFile), named: "train-images-idx3-ubyte.gz")
        try replace("train-labels-idx1-ubyte", by: compressed(trainLabelFile), named: "train-labels-idx1-ubyte.gz")
        try assertLoadsTheKnownImages()
    }

    func testCompressionIsToldByTheFirstBytesNotByTheName() throws {
        try replace("train-images-idx3-ubyte", by: trainImageFile, named: "train-images-idx3-ubyte.gz")
        try write(compressed(trainLabelFile), to: "train-labels-idx1-ubyte")
        try assertLoadsTheKnownImages()
    }

    func testCompressedFilesOfSeveralMembersAreRead() throws {
        let members = try compressed(Array(trainImageFile[..<20])) + compressed(Array(trainImageFile[20...]))
        try write(members, to: "train-images-idx3-ubyte")
        try assertLoadsTheKnownImages()
    }

    func testNamesWithADotBeforeIdxAreFound() throws {
        try replace("train-images-idx3-ubyte", by: trainImageFile, named: "train-images.idx3-ubyte")
        try replace("train-labels-idx1-ubyte", by: compressed(trainLabelFile), named: "train-labels.idx1-ubyte.gz")
        try assertLoadsTheKnownImages()
    }

    /// Longer than one chunk of the reader, and not compressible.
    func testLongFilesAreReadToTheLastByte() throws {
        var generator = SystemRandomNumberGenerator()
        let pixels = (0..<1_000_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let file = header(0x803, 3, 1000, 1000) + pixels + pixels + pixels
        try write(header(0x803, 1, 1000, 1000) + pixels, to: "t10k-images-idx3-ubyte")
        for bytes in [file, try compressed(file)] {
            try write(bytes, to: "train-images-idx3-ubyte")
            XCTAssertTrue(try load().train.images == pixels + pixels + pixels)
        }
    }

    func testMissingFileIsRefusedSayingWhereFilesAreLookedFor() throws {
        try FileManager.default.removeItem(atPath: path("t10k-labels-idx1-ubyte"))
        let files =
            "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte "
            + "(with or without .gz)"
        assertRefused(
            .missingFile(path: path("t10k-labels-idx1-ubyte"), files: files, package: nil), naming: "--data DIR")
        XCTAssertFalse(try source("mnist", directory).isAvailable)
    }

    func testMissingFashionMNISTNamesThePackage() {
        XCTAssertThrowsError(try source("fashion-mnist", path("nowhere")).load()) { error in
            XCTAssertTrue("\(error)".contains("install Debian's package dataset-fashion-mnist, or"), "\(error)")
            XCTAssertTrue("\(error)".contains(path("nowhere")), "\(error)")
        }
    }

    func testFolderInPlaceOfAFileIsRefused() throws {
        try FileManager.default.removeItem(atPath: path("train-images-idx3-ubyte"))
        try FileManager.default.createDirectory(
            atPath: path("train-images-idx3-ubyte"), withIntermediateDirectories: false)
        assertUnreadable("train-images-idx3-ubyte", "it is a folder")
    }

    /// Linux lets everyone open this file and nobody read its start.
    func testFileThatCannotBeReadIsRefused() throws {
        try FileManager.default.removeItem(atPath: path("train-images-idx3-ubyte"))
        try FileManager.default.createSymbolicLink(
            atPath: path("train-images-idx3-ubyte"), withDestinationPath: "/proc/self/mem")
        assertUnreadable("train-images-idx3-ubyte", "Input/output error")
    }

    func testTruncatedImageFileIsRefusedNamingTheFile() throws {
        try write(trainImageFile.dropLast(), to: "train-images-idx3-ubyte")
        assertRefused(.truncated(path: path("train-images-idx3-ubyte"), expectedBytes: 34, foundBytes: 33))
    }

    func testTruncatedLabelFileIsRefused() throws {
        try write(trainLabelFile.dropLast(), to: "train-labels-idx1-ubyte")
        assertRefused(.truncated(path: path("train-labels-idx1-ubyte"), expectedBytes: 11, foundBytes: 10))
    }

    func testEmptyFileAndHalfAHeaderAreRefused() throws {
        try write([], to: "train-images-idx3-ubyte")
        assertRefused(.truncated(path: path("train-images-idx3-ubyte"), expectedBytes: 4, foundBytes: 0))
        try write(Array(trainImageFile.prefix(10)), to: "train-images-idx3-ubyte")
        assertRefused(.truncated(path: path("train-images-idx3-ubyte"), expectedBytes: 12, foundBytes: 10))
    }

    func testBytesAfterTheEndAreRefused() throws {
        try write(trainImageFile + [0], to: "train-images-idx3-ubyte")
        assertRefused(.trailingBytes(path: path("train-images-idx3-ubyte"), expectedBytes: 34))
    }

    func testHeaderOfMoreImagesThanTheFileHoldsIsRefusedWithoutMemoryForThem() throws {
        let claimed = 4_000_000_000 * 1000 * 1000
        try write(header(0x803, 4_000_000_000, 1000, 1000) + trainPixels, to: "train-images-idx3-ubyte")
        assertRefused(
            .truncated(path: path("train-images-idx3-ubyte"), expectedBytes: 16 + claimed, foundBytes: 34))
        try write(
            compressed(header(0x803, 4_000_000_000, 1000, 1000) + trainPixels), to: "train-images-idx3-ubyte")
        assertRefused(
            .truncated(path: path("train-images-idx3-ubyte"), expectedBytes: 16 + claimed, foundBytes: 34))
    }

    func testHeaderOfASizeThatCannotBeCountedIsRefused() throws {
        try write(header(0x803, .max, .max, .max), to: "train-images-idx3-ubyte")
        let dimensions = [Int](repeating: Int(UInt32.max), count: 3)
        assertRefused(.impossibleSize(path: path("train-images-idx3-ubyte"), dimensions: dimensions))
    }

    /// Sixty-four megabytes of zeros behind a header that asks for eighteen bytes.
    func testCompressedFileThatSwellsBeyondItsHeaderIsRefused() throws {
        let zeros = [UInt8](repeating: 0, count: 64 << 20)
        try write(compressed(trainImageFile + zeros), to: "train-images-idx3-ubyte")
        assertRefused(.trailingBytes(path: path("train-images-idx3-ubyte"), expectedBytes: 34))
    }

    func testFileWithoutImagesIsRefused() throws {
        try write(header(0x803, 0, 2, 3), to: "train-images-idx3-ubyte")
        assertRefused(.noImages(path: path("train-images-idx3-ubyte"), dimensions: [0, 2, 3]))
        try write(header(0x803, 3, 0, 3), to: "train-images-idx3-ubyte")
        assertRefused(.noImages(path: path("train-images-idx3-ubyte"), dimensions: [3, 0, 3]))
    }

    func testTruncatedCompressedFileIsRefused() throws {
        let file = try compressed(trainImageFile)
        for length in [2, 15, file.count - 1] {
            try write(Array(file.prefix(length)), to: "train-images-idx3-ubyte")
            assertRefused(
                .corruptGzip(
                    path: path("train-images-idx3-ubyte"), reason: "it ends amid the compressed data"))
        }
    }

    func testCompressedFileWithAFlippedBitIsRefused() throws {
        var file = try compressed(trainImageFile)
        // The eight last bytes are the checksum and the length.
        file[file.count - 8] ^= 1
        try write(file, to: "train-images-idx3-ubyte")
        assertRefused(.corruptGzip(path: path("train-images-idx3-ubyte"), reason: "incorrect data check"))
    }

    func testBytesAfterTheCompressedDataAreRefused() throws {
        try write(compressed(trainImageFile) + [1, 2, 3, 4], to: "train-images-idx3-ubyte")
        assertRefused(.corruptGzip(path: path("train-images-idx3-ubyte"), reason: "incorrect header check"))
    }

    func testLabelsNamedAsImagesAreRefusedSayingSo() throws {
        try write(trainLabelFile, to: "train-images-idx3-ubyte")
        assertRefused(
            .wrongMagic(path: path("train-images-idx3-ubyte"), expected: .images, found: 0x801),
            naming: "each other's name")
    }

    func testImagesNamedAsLabelsAreRefusedSayingSo() throws {
        try write(trainImageFile, to: "train-labels-idx1-ubyte")
        assertRefused(
            .wrongMagic(path: path("train-labels-idx1-ubyte"), expected: .labels, found: 0x803),
            naming: "each other's name")
    }

    func testFileOfAnotherFormatIsRefused() throws {
        try write(Array("\u{89}PNG, not IDX".utf8), to: "train-images-idx3-ubyte")
        assertRefused(
            .wrongMagic(path: path("train-images-idx3-ubyte"), expected: .images, found: 0xc289_504e),
            naming: "0xc289504e")
    }

    func testFewerLabelsThanImagesAreRefusedNamingBothFiles() throws {
        try write(header(0x801, 2) + [1, 2], to: "train-labels-idx1-ubyte")
        assertRefused(
            .countMismatch(
                imagePath: path("train-images-idx3-ubyte"), images: 3,
                labelPath: path("train-labels-idx1-ubyte"), labels: 2),
            naming: "3 images")
    }

    func testLabelBeyondTheClassesIsRefusedSayingWhichOne() throws {
        try write(header(0x801, 3) + [9, 10, 200], to: "train-labels-idx1-ubyte")
        assertRefused(
            .labelBeyondClasses(path: path("train-labels-idx1-ubyte"), index: 1, label: 10, classes: 10),
            naming: "image 1")
    }

    func testTestImagesOfAnotherShapeAreRefused() throws {
        try write(header(0x803, 1, 3, 2) + testPixels, to: "t10k-images-idx3-ubyte")
        assertRefused(
            .shapeMismatch(
                path: path("t10k-images-idx3-ubyte"), shape: ImageShape(height: 3, width: 2, channels: 1),
                trainShape: ImageShape(height: 2, width: 3, channels: 1)),
            naming: "3×2×1")
    }

    private func load() throws -> Dataset {
        try Dataset.source("mnist", DatasetSettings(directory: directory)).load()
    }

    private func source(_ name: String, _ directory: String) throws -> DatasetSource {
        try Dataset.source(name, DatasetSettings(directory: directory))
    }

    private func replace(_ name: String, by bytes: [UInt8], named newName: String) throws {
        try FileManager.default.removeItem(atPath: path(name))
        try write(bytes, to: newName)
    }

    private func assertLoadsTheKnownImages(line: UInt = #line) throws {
        XCTAssertTrue(try source("mnist", directory).isAvailable, line: line)
        let dataset = try load()
        XCTAssertEqual([dataset.train.height, dataset.train.width, dataset.train.channels], [2, 3, 1], line: line)
        XCTAssertEqual(dataset.train.images, trainPixels, line: line)
        XCTAssertEqual(dataset.train.labels, trainLabels, line: line)
        XCTAssertEqual(dataset.test.images, testPixels, line: line)
        XCTAssertEqual(dataset.test.labels, [5], line: line)
    }

    private func assertUnreadable(_ name: String, _ reason: String, line: UInt = #line) {
        XCTAssertThrowsError(try load(), line: line) { error in
            XCTAssertEqual(
                error as? FileError, FileError(path: path(name), attempt: .read, reason: reason), line: line)
        }
    }

    /// Holds the error and its sentence to what they should say.
    private func assertRefused(
        _ expected: DatasetError, naming part: String? = nil, line: UInt = #line
    ) {
        XCTAssertThrowsError(try load(), line: line) { error in
            XCTAssertEqual(error as? DatasetError, expected, line: line)
            let sentence = "\(error)"
            XCTAssertTrue(sentence.contains(part ?? directory), sentence, line: line)
            XCTAssertFalse(sentence.contains("\n"), sentence, line: line)
        }
    }
}
