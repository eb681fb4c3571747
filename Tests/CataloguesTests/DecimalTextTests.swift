import Catalogues
import XCTest

final class DecimalTextTests: XCTestCase {
    func testWholeNumbersAreReadToTheLastDigit() {
        let numbers = [
            ("0", 0), ("7", 7), ("-12", -12), ("+5", 5), ("9223372036854775807", Int.max),
            ("-9223372036854775808", Int.min),
        ]
        for (text, number) in numbers { XCTAssertEqual(DecimalText.whole(text), number, text) }
        for text in ["", "-", "1.0", "1e3", "9223372036854775808", "2 ", " 2", "2\n", "two", "--2"] {
            XCTAssertNil(DecimalText.whole(text), text)
        }
    }

    func testNumbersAreReadAndRoundedToTheNearest() {
        let numbers = [
            ("0", 0), ("1.5", 1.5), (".5", 0.5), ("2.", 2), ("-1e-3", -0.001), ("+2E4", 20_000), ("0.1", 0.1),
        ]
        for (text, number) in numbers { XCTAssertEqual(DecimalText.number(text), number, text) }
        for text in ["", ".", "e5", "1e", "1e999", "nan", "NaN", "inf", "-Infinity", "1,5", "1 "] {
            XCTAssertNil(DecimalText.number(text), text)
        }
    }

    func testWhatIsANumberOnlyToSomeIsNoneAndToldHowToWriteIt() {
        for text in ["010", "-010", "+08", "00", "0x10", "0b11", "0o7", "1_000", "1:30", "٣", "１６", "1.5.2"] {
            XCTAssertNil(DecimalText.whole(text), text)
            XCTAssertNil(DecimalText.number(text), text)
            XCTAssertEqual(DecimalText.advice(on: text), "write it in decimal digits", text)
        }
        for text in ["7", "-1.5", "1e999", "", "two", "x1"] { XCTAssertNil(DecimalText.advice(on: text), text) }
    }

    func testNumbersAreWrittenInTheirShortestTextAndReadBack() {
        for (number, text) in [(1.0, "1"), (0.1, "0.1"), (-3, "-3"), (1e6, "1000000"), (2.5, "2.5")] {
            XCTAssertEqual(DecimalText.shortest(number), text)
        }
        for number in [1e-6, 0.1 + 0.2, 1.0 / 3, 1e300] {
            XCTAssertEqual(DecimalText.number(DecimalText.shortest(number)), number)
        }
    }
}
