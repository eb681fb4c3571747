import Datasets
import XCTest

final class DatasetTests: XCTestCase {
    func testDigitsAreAlwaysThere() throws {
        XCTAssertTrue(try Dataset.source("digits").isAvailable)
        let digits = try Dataset.source("digits").load()
        XCTAssertEqual([digits.train.count, digits.test.count], [1437, 360])
        for images in [digits.train, digits.test] {
            XCTAssertEqual([images.height, images.width, images.channels, images.classes], [8, 8, 1, 10])
            XCTAssertEqual(images.images.count, images.count * 64)
            XCTAssertEqual(images.images.max(), 16)
            XCTAssertEqual(Set(images.labels), Set(0...9))
        }
    }

    /// How often each digit occurs in the test part of the original (its description lists these numbers).
    func testDigitsAreAsFrequentAsInTheOriginal() throws {
        let digits = try Dataset.source("digits").load()
        let labels = digits.train.labels + digits.test.labels
        XCTAssertEqual(
            (0..<10).map { digit in labels.filter { $0 == digit }.count },
            [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    }

    func testFolderForTheDigitsIsRefused() {
        XCTAssertThrowsError(try Dataset.source("digits", DatasetSettings(directory: "/somewhere"))) { error in
            XCTAssertEqual(error as? DatasetError, .directoryUnused(dataset: "digits", directory: "/somewhere"))
        }
    }

    /// The mean 0.2860 and deviation 0.3530 of bytes/255 are those in wide use for these images.
    func testFashionMNISTHasItsImagesAndStatistics() throws {
        let source = try Dataset.source("fashion-mnist")
        try XCTSkipIf(!source.isAvailable, "Debian's package dataset-fashion-mnist is not installed")
        let fashion = try source.load()
        XCTAssertEqual([fashion.train.count, fashion.test.count], [60_000, 10_000])
        XCTAssertEqual([fashion.train.height, fashion.train.width, fashion.train.channels], [28, 28, 1])
        XCTAssertEqual(fashion.normalization.means[0] / 255, 0.2860, accuracy: 5e-5)
        XCTAssertEqual(fashion.normalization.deviations[0] / 255, 0.3530, accuracy: 5e-5)
        for label: UInt8 in 0..<10 {
            XCTAssertEqual(fashion.train.labels.filter { $0 == label }.count, 6000)
        }
    }
}
