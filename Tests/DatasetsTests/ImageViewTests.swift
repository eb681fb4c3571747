import Datasets
import TestSupport
import XCTest

/// Views of images, against PyTorch's, and how they are drawn.
final class ImageViewTests: XCTestCase {
    private let distribution = ViewDistribution(smallestCrop: 0.2, mirrors: true, brightness: 0.4, contrast: 0.5)
    private let shape = ImageShape(height: 28, width: 20, channels: 1)

    func testTheyAreThoseOfPyTorch() throws {
        let golden = try Golden("contrastive")
        for name in ["grey", "mirrored", "bright", "pale", "harsh"].map({ "view.\($0)" }) {
            let expected = try golden.tensor("\(name).values")
            let (height, width, channels) = (expected.shape[1], expected.shape[2], expected.shape[3])
            let image = ImageSet(
                height: height, width: width, channels: channels, classes: 1,
                images: try golden.integers("\(name).image").map { UInt8($0) }, labels: [0])
            let part = try golden.integers("\(name).part").map(Double.init)
            let view = ImageView(
                of: image.shape, top: part[0], left: part[1], height: part[2], width: part[3],
                isMirrored: try golden.integers("\(name).mirrored")[0] == 1,
                brightness: try golden.doubles("\(name).brightness")[0],
                contrast: try golden.doubles("\(name).contrast")[0])
            let identity = PixelNormalization(
                means: Array(repeating: 0, count: channels), deviations: Array(repeating: 1, count: channels))
            assertClose(values(of: [(0, view)], image, identity), expected.array, tolerance: 1e-6, name)
        }
    }

    func testTheWholeImageAsItIsIsTheImage() throws {
        let digits = try Dataset.source("digits").load()
        var plain = [Float](repeating: 0, count: 3 * 64)
        plain.withUnsafeMutableBufferPointer {
            digits.train.fill($0, with: [5, 0, 7], normalization: digits.normalization)
        }
        let whole = ImageView(of: digits.train.shape)
        XCTAssertEqual(values(of: [5, 0, 7].map { ($0, whole) }, digits.train, digits.normalization), plain)
    }

    func testAViewDependsOnSeedPurposeEpochImageAndNumberAlone() {
        func view(
            seed: UInt64 = 1, purpose: String = "views", epoch: Int = 0, image: Int = 0, number: Int = 0
        ) -> ImageView {
            ImageView(
                randomOf: shape, distribution, seed: seed, for: purpose, epoch: epoch, image: image, number: number)
        }
        let first = view()
        XCTAssertEqual(view(), first)
        for other in [view(seed: 2), view(purpose: "others"), view(epoch: 1), view(image: 1), view(number: 1)] {
            XCTAssertNotEqual(other, first)
        }
    }

    /// Of 4,000 views, each mean has a known deviation: four of these are the limit.
    func testTheyAreSpreadOverTheDistribution() {
        let views = (0..<4000).map {
            ImageView(randomOf: shape, distribution, seed: 3, for: "views", epoch: 0, image: $0, number: 0)
        }
        let pixels = 28.0 * 20
        for view in views {
            XCTAssertTrue((0...28 - view.height).contains(view.top) && (0...20 - view.width).contains(view.left))
            XCTAssertTrue((0.6...1.4).contains(view.brightness) && (0.5...1.5).contains(view.contrast))
            XCTAssertLessThanOrEqual(view.height * view.width, pixels)
        }
        let inside = views.filter { $0.height < 28 && $0.width < 20 }
        XCTAssertTrue(inside.allSatisfy { $0.height * $0.width > 0.2 * pixels - 1e-9 })
        XCTAssertTrue(inside.allSatisfy { (3 / 4.0 - 1e-9...4 / 3.0 + 1e-9).contains($0.width / $0.height) })
        XCTAssertLessThan(inside.map { $0.height * $0.width }.min() ?? 1, 0.21 * pixels)
        func assertMean(_ values: [Double], _ mean: Double, deviation: Double, _ what: String) {
            let found = values.reduce(0, +) / Double(values.count)
            XCTAssertEqual(found, mean, accuracy: 4 * deviation / Double(values.count).squareRoot(), what)
        }
        assertMean(views.map { $0.isMirrored ? 1 : 0 }, 0.5, deviation: 0.5, "mirrored")
        assertMean(views.map(\.brightness), 1, deviation: 0.8 / 12.0.squareRoot(), "brightness")
        assertMean(views.map(\.contrast), 1, deviation: 1 / 12.0.squareRoot(), "contrast")
        assertMean(
            inside.map { $0.top / (28 - $0.height) }, 0.5, deviation: 1 / 12.0.squareRoot(), "where the part begins")
    }

    func testWithoutStrengthNothingButThePartChanges() {
        let still = ViewDistribution(smallestCrop: 1, mirrors: false, brightness: 0, contrast: 0)
        let square = ImageShape(height: 8, width: 8, channels: 3)
        for image in 0..<50 {
            let view = ImageView(randomOf: square, still, seed: 1, for: "views", epoch: 2, image: image, number: 1)
            XCTAssertEqual([view.brightness, view.contrast], [1, 1])
            XCTAssertFalse(view.isMirrored)
            XCTAssertTrue(view.height == 8 || view.width == 8, "an area of the whole is cut off at one side")
        }
    }

    private func values(
        of views: [(Int, ImageView)], _ images: ImageSet, _ normalization: PixelNormalization
    ) -> [Float] {
        var values = [Float](repeating: .nan, count: views.count * images.valuesPerImage)
        values.withUnsafeMutableBufferPointer {
            images.fill($0, withViews: views.map { (image: $0.0, view: $0.1) }, normalization: normalization)
        }
        return values
    }
}
