import XCTest

@testable import Reports

/// Tables that a run writes, read back.
final class RecordTableTests: XCTestCase {
    private func table(_ text: String) -> RecordTable { RecordTable(csv: Array(text.utf8)) }

    func testColumnsAreReadByTheirNames() {
        let table = table("epoch,part,loss\n1,test,0.5\n2,validation,1e-3\n")
        XCTAssertEqual(table.columns, ["epoch", "part", "loss"])
        XCTAssertEqual(table.rowCount, 2)
        XCTAssertEqual(table.numbers("epoch"), [1, 2])
        XCTAssertEqual(table.numbers("loss"), [0.5, 0.001])
        XCTAssertEqual(table.texts("part"), ["test", "validation"])
        XCTAssertNil(table.numbers("rate"))
    }

    func testALineThatIsNotEndedIsNoRow() {
        XCTAssertEqual(table("step,loss\n1,0.5\n2,0.").numbers("loss"), [0.5])
        XCTAssertEqual(table("step,lo").columns, [""])
        XCTAssertEqual(table("").rowCount, 0)
        XCTAssertEqual(table("step,loss\n").numbers("loss"), [])
    }

    func testWhatIsNoNumberIsNaN() throws {
        let numbers = try XCTUnwrap(table("a,b\n1,\n2,nan\n3,x\n4\n5,-inf\n6,7\n").numbers("b"))
        XCTAssertEqual(numbers.map(\.isNaN), [true, true, true, true, false, false])
        XCTAssertEqual(numbers.suffix(2), [-.infinity, 7])
        XCTAssertEqual(table("a,b\n1\n").texts("b"), [""])
    }
}
