import Datasets
import Foundation
import XCTest

/// Six files of full length, zeros but for the records that a test writes.
final class CIFAR10Tests: TemporaryFilesTestCase {
    private let fileBytes: UInt64 = 30_730_000
    private static let files = "data_batch_1.bin to data_batch_5.bin and test_batch.bin"
    private let trainNames = (1...5).map { "data_batch_\($0).bin" }

    /// A label, then 1024 bytes of red, of green and of blue, each plane counting on from its own start.
    private let record: [UInt8] =
        [3] + [0, 100, 200].flatMap { start in (0..<1024).map { UInt8(truncatingIfNeeded: start + $0) } }

    func testPlanesBecomePixelsInTheOrderOfTheFiles() throws {
        try makeFiles(in: "")
        try overwrite("data_batch_1.bin", at: 3073, with: record)
        try overwrite("data_batch_5.bin", at: 9_999 * 3073, with: record)
        try overwrite("test_batch.bin", at: 0, with: record)
        XCTAssertTrue(try source().isAvailable)

        let dataset = try source().load()
        XCTAssertEqual([dataset.train.height, dataset.train.width, dataset.train.channels], [32, 32, 3])
        XCTAssertEqual([dataset.train.count, dataset.test.count], [50_000, 10_000])
        let expected = (0..<1024).flatMap { pixel in [0, 100, 200].map { UInt8(truncatingIfNeeded: $0 + pixel) } }
        XCTAssertEqual(Array(dataset.train.images[3072..<6144]), expected)
        XCTAssertEqual(Array(dataset.train.images.suffix(3072)), expected)
        XCTAssertEqual(Array(dataset.test.images.prefix(3072)), expected)
        XCTAssertEqual(dataset.train.labels.indices.filter { dataset.train.labels[$0] == 3 }, [1, 49_999])
        XCTAssertEqual(dataset.train.labels.filter { $0 == 0 }.count, 49_998)
        XCTAssertEqual(dataset.test.labels.first, 3)
    }

    func testTheUsualSubfolderIsLookedInto() throws {
        try makeFiles(in: "cifar-10-batches-bin/")
        XCTAssertTrue(try source().isAvailable)
    }

    func testFolderMustBeNamed() throws {
        let source = try Dataset.source("cifar10")
        XCTAssertNil(source.usualFolder)
        XCTAssertFalse(source.isAvailable)
        XCTAssertThrowsError(try source.load()) { error in
            XCTAssertEqual(error as? DatasetError, .directoryMissing(dataset: "cifar10", files: Self.files))
            XCTAssertTrue("\(error)".contains("--data DIR"), "\(error)")
        }
    }

    func testMissingFileIsRefused() throws {
        try makeFiles(in: "")
        try FileManager.default.removeItem(atPath: path("data_batch_4.bin"))
        assertRefused(.missingFile(path: path("data_batch_4.bin"), files: Self.files, package: nil))
        XCTAssertFalse(try source().isAvailable)
    }

    func testFileTruncatedAtTheEndOfARecordIsRefused() throws {
        try makeFiles(in: "")
        try resize("data_batch_1.bin", to: fileBytes - 3073)
        assertRefused(
            .truncated(
                path: path("data_batch_1.bin"), expectedBytes: Int(fileBytes), foundBytes: Int(fileBytes) - 3073))
    }

    func testBytesAfterTheLastRecordAreRefused() throws {
        try makeFiles(in: "")
        try resize("data_batch_1.bin", to: fileBytes + 1)
        assertRefused(.trailingBytes(path: path("data_batch_1.bin"), expectedBytes: Int(fileBytes)))
    }

    func testLabelBeyondTheClassesIsRefusedWithItsPlaceInTheFile() throws {
        try makeFiles(in: "")
        try overwrite("data_batch_2.bin", at: 7 * 3073, with: [10])
        assertRefused(.labelBeyondClasses(path: path("data_batch_2.bin"), index: 7, label: 10, classes: 10))
    }

    private func source() throws -> DatasetSource {
        try Dataset.source("cifar10", DatasetSettings(directory: directory))
    }

    private func makeFiles(in subfolder: String) throws {
        try FileManager.default.createDirectory(atPath: path(subfolder), withIntermediateDirectories: true)
        for name in trainNames + ["test_batch.bin"] {
            try write([], to: subfolder + name)
            try resize(subfolder + name, to: fileBytes)
        }
    }

    private func resize(_ name: String, to length: UInt64) throws {
        let file = try FileHandle(forUpdating: URL(filePath: path(name)))
        try file.truncate(atOffset: length)
        try file.close()
    }

    private func overwrite(_ name: String, at offset: UInt64, with bytes: [UInt8]) throws {
        let file = try FileHandle(forUpdating: URL(filePath: path(name)))
        try file.seek(toOffset: offset)
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }

    private func assertRefused(_ expected: DatasetError, line: UInt = #line) {
        XCTAssertThrowsError(try source().load(), line: line) { error in
            XCTAssertEqual(error as? DatasetError, expected, line: line)
            XCTAssertTrue("\(error)".contains(directory), "\(error)", line: line)
        }
    }
}
