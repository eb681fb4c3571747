import Kernels
import XCTest

@testable import Datasets

/// What is done to images before they are trained on.
final class AugmentationTests: XCTestCase {
    /// 40 images of 3 × 4 pixels of two channels, whose bytes tell where they come from; none is black.
    private let set = ImageSet(
        height: 3, width: 4, channels: 2, classes: 1, images: (0..<960).map { UInt8(1 + $0 % 24 + $0 / 24) },
        labels: Array(repeating: 0, count: 40))
    private let plain = PixelNormalization(means: [0, 0], deviations: [1, 1])

    private func values(
        _ indices: [Int], _ list: [Augmentation], seed: UInt64 = 1, epoch: Int = 0, of set: ImageSet? = nil,
        _ normalization: PixelNormalization? = nil
    ) -> [[Float]] {
        let set = set ?? self.set
        var values = [Float](repeating: .nan, count: indices.count * set.valuesPerImage)
        values.withUnsafeMutableBufferPointer {
            set.fill(
                $0, with: indices, normalization: normalization ?? plain,
                augmentation: EpochAugmentation(list.map(\.transformation), seed: seed, epoch: epoch))
        }
        return indices.indices.map { Array(values[$0 * set.valuesPerImage..<($0 + 1) * set.valuesPerImage]) }
    }

    private func original(_ image: Int) -> [Float] { values([image], [])[0] }

    /// An image whose pixel at (row, column) is that of another at a place which depends on it, and black outside.
    private func moved(_ image: [Float], _ place: (_ row: Int, _ column: Int) -> (row: Int, column: Int)) -> [Float] {
        var values: [Float] = []
        for row in 0..<3 {
            for column in 0..<4 {
                let from = place(row, column)
                let isInside = (0..<3).contains(from.row) && (0..<4).contains(from.column)
                for channel in 0..<2 {
                    values.append(isInside ? image[(from.row * 4 + from.column) * 2 + channel] : 0)
                }
            }
        }
        return values
    }

    private func shifted(_ image: [Float], down: Int, right: Int) -> [Float] {
        moved(image) { ($0 + down, $1 + right) }
    }

    private func mirrored(_ image: [Float]) -> [Float] { moved(image) { ($0, 3 - $1) } }

    func testACropIsOneOfTheShiftsOfTheImageAndEveryShiftOccurs() {
        let all = Array(0..<40)
        var shifts: Set<[Int]> = []
        for epoch in 0..<20 {
            for (image, crop) in zip(all, values(all, [.crop(padding: 2)], epoch: epoch)) {
                let source = original(image)
                let found = (0..<25).map { [$0 / 5 - 2, $0 % 5 - 2] }
                    .filter { shifted(source, down: $0[0], right: $0[1]) == crop }
                XCTAssertEqual(found.count, 1, "image \(image)")
                shifts.formUnion(found)
            }
        }
        XCTAssertEqual(shifts.count, 25)
    }

    func testEveryShiftPutsBlackWhereThereIsNoPixel() {
        let source = set.images.prefix(24).map { $0 }
        for down in -4...4 {
            for right in -5...5 {
                var destination = [UInt8](repeating: 77, count: 24)
                PaddedCrop(padding: 5).shift(source, into: &destination, shape: set.shape, down: down, right: right)
                XCTAssertEqual(
                    destination.map(Float.init), shifted(original(0), down: down, right: right), "\(down), \(right)")
            }
        }
    }

    func testAFlipIsTheImageOrItsMirrorImageEquallyOften() {
        var flipped = 0
        for epoch in 0..<50 {
            for (image, flip) in zip(0..<40, values(Array(0..<40), [.flip], epoch: epoch)) {
                XCTAssertTrue([original(image), mirrored(original(image))].contains(flip))
                flipped += flip == original(image) ? 0 : 1
            }
        }
        XCTAssertEqual(Double(flipped), 1000, accuracy: 4 * 500.0.squareRoot())
    }

    func testBothAreDoneOneAfterTheOther() {
        for (image, both) in zip(0..<40, values(Array(0..<40), [.crop(padding: 1), .flip])) {
            let crop = values([image], [.crop(padding: 1)])[0]
            // With another added, what one of them does stays as it is.
            let isFlipped = values([image], [.flip])[0] != original(image)
            XCTAssertEqual(both, isFlipped ? mirrored(crop) : crop)
        }
    }

    func testSeedEpochAndImageAloneDecide() {
        let list = [Augmentation.crop(padding: 2), .flip]
        let all = values(Array(0..<40), list)
        XCTAssertEqual(values([7, 31, 7], list), [all[7], all[31], all[7]])
        XCTAssertNotEqual(values(Array(0..<40), list, epoch: 1), all)
        XCTAssertNotEqual(values(Array(0..<40), list, seed: 2), all)
        // A rank that keeps only some of the images.
        let kept = [3, 7, 31]
        let partial = ImageSet(
            height: 3, width: 4, channels: 2, classes: 1, images: set.subset(kept).images, labels: set.labels,
            kept: kept)
        XCTAssertEqual(values([31, 3], list, of: partial), [all[31], all[3]])
    }

    /// Black is the byte 0, wherever the mean is.
    func testThePaddingIsBlackBeforePixelsAreStandardised() {
        let normalization = PixelNormalization(means: [10, 20], deviations: [2, 5])
        let (raw, normalized) = (
            values(Array(0..<40), [.crop(padding: 2)]), values(Array(0..<40), [.crop(padding: 2)], normalization)
        )
        for (bytes, values) in zip(raw, normalized) {
            for (place, byte) in bytes.enumerated() {
                XCTAssertEqual(values[place], place % 2 == 0 ? (byte - 10) / 2 : (byte - 20) / 5)
            }
        }
        XCTAssertTrue(raw.contains { $0.contains(0) })
    }

    func testNamesReadBack() {
        for (text, augmentation) in [("crop:4", Augmentation.crop(padding: 4)), ("flip", .flip)] {
            XCTAssertEqual(Augmentation(rawValue: text), augmentation)
            XCTAssertEqual(augmentation.rawValue, text)
        }
        for text in ["", "crop", "crop:", "crop:04", "crop:x", "flip:2"] {
            XCTAssertNil(Augmentation(rawValue: text), text)
        }
    }
}
