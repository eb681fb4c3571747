import Datasets
import XCTest

final class ImageSetTests: XCTestCase {
    /// Two images of one row and two pixels, of three channels: 0, 0, 10, 30 in the first; 7 throughout in the
    /// second; 1, 2, 3, 4 in the third.
    private let images = ImageSet(
        height: 1, width: 2, channels: 3, classes: 2,
        images: [0, 7, 1, 0, 7, 2, 10, 7, 3, 30, 7, 4], labels: [1, 0])

    func testStatisticsAreThoseOfEachChannel() {
        let normalization = PixelNormalization(of: images)
        // The squares of 0, 0, 10, 30 sum to 1000: 250 − 10² = 150. Those of 1 to 4 to 30: 7.5 − 2.5² = 1.25.
        XCTAssertEqual(normalization.means, [10, 7, 2.5])
        XCTAssertEqual(normalization.deviations, [Float(150.0.squareRoot()), 1, Float(1.25.squareRoot())])
    }

    /// Of 2²² bytes 200 and one 201 the variance is (1/N)(1 − 1/N), which sums of Float would lose.
    func testStatisticsAreExactWhereTheMeanIsMuchLargerThanTheDeviation() {
        let count = 1 << 22
        var bytes = [UInt8](repeating: 200, count: count)
        bytes[count / 2] = 201
        let normalization = PixelNormalization(
            of: ImageSet(height: 2048, width: 2048, channels: 1, classes: 1, images: bytes, labels: [0]))
        let share = 1 / Double(count)
        XCTAssertEqual(normalization.means, [Float(200 + share)])
        XCTAssertEqual(normalization.deviations, [Float((share * (1 - share)).squareRoot())])
    }

    func testGatheredImagesAreNormalisedInTheOrderAskedFor() {
        let normalization = PixelNormalization(means: [10, 7, 2], deviations: [2, 1, 0.5])
        var values = [Float](repeating: .nan, count: 18)
        values.withUnsafeMutableBufferPointer { images.fill($0, with: [1, 0, 1], normalization: normalization) }
        let first: [Float] = [-5, 0, -2, -5, 0, 0]
        let second: [Float] = [0, 0, 2, 10, 0, 4]
        XCTAssertEqual(values, second + first + second)
    }

    func testGatheringNothingIsAllowed() {
        images.fill(
            UnsafeMutableBufferPointer(start: nil, count: 0), with: EmptyCollection<Int>(),
            normalization: PixelNormalization(of: images))
    }

    func testNormalisedTrainingImagesHaveMeanZeroAndVarianceOne() throws {
        let digits = try Dataset.source("digits").load()
        var values = [Float](repeating: .nan, count: digits.train.images.count)
        values.withUnsafeMutableBufferPointer {
            digits.train.fill($0, with: 0..<digits.train.count, normalization: digits.normalization)
        }
        let count = Double(values.count)
        XCTAssertEqual(values.reduce(0) { $0 + Double($1) } / count, 0, accuracy: 1e-6)
        XCTAssertEqual(values.reduce(0) { $0 + Double($1) * Double($1) } / count, 1, accuracy: 1e-6)
    }

    func testASubsetHasTheImagesAskedForInTheirOrder() {
        let swapped = images.subset([1, 0])
        XCTAssertEqual(swapped.images, [10, 7, 3, 30, 7, 4, 0, 7, 1, 0, 7, 2])
        XCTAssertEqual(swapped.labels, [0, 1])
        XCTAssertEqual(images.subset([0, 1]).images, images.images)
        XCTAssertEqual(images.subset([]).count, 0)
    }
}
