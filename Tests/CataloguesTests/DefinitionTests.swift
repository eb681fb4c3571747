import Catalogues
import XCTest

final class DefinitionTests: XCTestCase {
    private let catalogue: [Definition<Int, String>] = [
        Definition("stars", "a row of stars") { count in
            guard count > 0 else {
                throw UnusableSetting(key: "row.length", value: "\(count)", requirement: "1 or more")
            }
            return String(repeating: "*", count: count)
        },
        Definition("number", "the number itself") { "\($0)" },
    ]

    func testWhatIsNamedIsMadeFromItsSettings() throws {
        XCTAssertEqual(try catalogue.named("stars")?.make(3), "***")
        XCTAssertEqual(try catalogue.named("number")?.make(3), "3")
        XCTAssertEqual(catalogue.named("number")?.summary, "the number itself")
    }

    func testThereIsNothingOfAnotherName() {
        XCTAssertNil(catalogue.named("Stars"))
    }

    func testAnUnusableSettingIsToldWithItsKeyAndWhatItShouldBe() {
        XCTAssertThrowsError(try catalogue.named("stars")?.make(-2)) { error in
            XCTAssertEqual("\(error)", "row.length -2: expected 1 or more")
        }
    }
}
