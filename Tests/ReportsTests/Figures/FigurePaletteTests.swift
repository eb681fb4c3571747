import XCTest

@testable import Reports

/// Colours that can be read on their page.
final class FigurePaletteTests: XCTestCase {
    /// Relative luminance (WCAG 2.2) of `#rrggbb`.
    private func luminance(_ colour: String) throws -> Double {
        let number = try XCTUnwrap(Int(colour.dropFirst(), radix: 16))
        let linear = [16, 8, 0].map { shift -> Double in
            let value = Double(number >> shift & 255) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    private func contrast(_ one: String, _ other: String) throws -> Double {
        let both = [try luminance(one), try luminance(other)].sorted()
        return (both[1] + 0.05) / (both[0] + 0.05)
    }

    func testTextInAnyColourIsReadableOnBothPages() throws {
        for colour in [FigurePalette.text, FigurePalette.faint] + FigurePalette.series {
            XCTAssertGreaterThanOrEqual(try contrast(colour.light, FigurePalette.page.light), 4.5, colour.name)
            XCTAssertGreaterThanOrEqual(try contrast(colour.dark, FigurePalette.page.dark), 4.5, colour.name)
        }
    }

    func testEveryColourIsKnownByItsLightShade() {
        XCTAssertEqual(Set(FigurePalette.all.map(\.light)).count, FigurePalette.all.count)
        XCTAssertEqual(Set(FigurePalette.all.map(\.name)).count, FigurePalette.all.count)
    }

    func testTheStyleSheetDefinesEveryColourForBothPages() {
        for colour in FigurePalette.all {
            XCTAssertTrue(FigurePalette.styleSheet.contains("--\(colour.name): \(colour.light)"))
            XCTAssertTrue(FigurePalette.styleSheet.contains("--\(colour.name): \(colour.dark)"))
        }
    }
}
