import Settings
import XCTest

@testable import Runs

/// When the embedded digits step in for a data set whose files are missing.
final class DatasetChoiceTests: XCTestCase {
    func testDigitsStepInWithAWarningForTheDefaultWhoseFilesAreMissing() throws {
        let settings = Configuration().dataset
        let replacement = try XCTUnwrap(settings.replacement(nameIsDefault: true, filesAreThere: false))
        var digits = settings
        digits.name = "digits"
        XCTAssertEqual(replacement.settings, digits)
        XCTAssertEqual(
            replacement.warning,
            "the files of fashion-mnist are missing (Debian's package dataset-fashion-mnist has them), so the embedded "
                + "digits are used.")
    }

    func testADataSetWhoseFilesAreThereStands() {
        XCTAssertNil(Configuration().dataset.replacement(nameIsDefault: true, filesAreThere: true))
    }

    func testADataSetThatWasAskedForIsNeverReplaced() {
        var settings = Configuration().dataset
        XCTAssertNil(settings.replacement(nameIsDefault: false, filesAreThere: false))
        settings.directory = "/images"
        XCTAssertNil(settings.replacement(nameIsDefault: true, filesAreThere: false))
    }
}
