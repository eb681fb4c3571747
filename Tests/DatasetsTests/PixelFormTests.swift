import Datasets
import XCTest

/// In which range networks meet pixels.
final class PixelFormTests: XCTestCase {
    /// One image of 2 × 3 pixels of two channels.
    private let set = ImageSet(
        height: 2, width: 3, channels: 2, classes: 1,
        images: [0, 255, 51, 102, 255, 0, 204, 153, 255, 255, 51, 0], labels: [0])

    private func values(_ form: PixelForm) -> [Float] {
        let dataset = Dataset(name: "test", train: set, test: set).withPixels(form)
        var values = [Float](repeating: .nan, count: 12)
        values.withUnsafeMutableBufferPointer {
            dataset.train.fill($0, with: [0], normalization: dataset.normalization)
        }
        return values
    }

    func testTheUnitRangeIsThatOfBytesDividedBy255() {
        XCTAssertEqual(values(.unit), [0, 1, 0.2, 0.4, 1, 0, 0.8, 0.6, 1, 1, 0.2, 0])
    }

    func testRangesDifferFromColumnToColumn() {
        XCTAssertEqual(values(.ranges(10_000)), [0, 1, 2000, 4000, 1, 0, 0.8, 0.6, 10_000, 10_000, 0.2, 0])
        XCTAssertEqual(values(.ranges(1)), values(.unit))
    }

    func testStandardisedIsTheUsualForm() {
        let dataset = Dataset(name: "test", train: set, test: set)
        var expected = [Float](repeating: .nan, count: 12)
        expected.withUnsafeMutableBufferPointer {
            set.fill($0, with: [0], normalization: dataset.normalization)
        }
        XCTAssertEqual(values(.standardised), expected)
    }

    func testNamesReadBack() {
        for (text, form) in [
            ("standardised", PixelForm.standardised), ("unit", .unit), ("ranges:10000", .ranges(10_000)),
            ("ranges:2.5", .ranges(2.5)),
        ] {
            XCTAssertEqual(PixelForm(rawValue: text), form)
            XCTAssertEqual(form.rawValue, text)
        }
        for text in ["", "unit:1", "ranges", "ranges:", "ranges:nan", "ranges:1:2"] {
            XCTAssertNil(PixelForm(rawValue: text), text)
        }
    }
}
