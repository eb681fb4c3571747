import Catalogues
import XCTest

@testable import Settings

final class CatalogueTests: XCTestCase {
    func testEveryKeyThatChoosesByNameHasItsNamesInACatalogue() {
        let listed = Catalogue.allCases.map { $0.entries.map(\.name) }
        for key in Configuration.keys where !key.listedChoices.isEmpty {
            XCTAssertTrue(listed.contains(key.listedChoices.map(\.name)), "\(key.path) is in no catalogue")
        }
    }

    func testOnlyDataSetsNeedFiles() {
        XCTAssertEqual(Catalogue.datasets.isHere("digits"), true)
        XCTAssertEqual(Catalogue.datasets.isHere("no such data set"), false)
        for catalogue in Catalogue.allCases where catalogue != .datasets {
            for entry in catalogue.entries { XCTAssertNil(catalogue.isHere(entry.name), entry.name) }
        }
    }
}
