import XCTest

@testable import Reports

/// The table that a comparison ends with, and its words.
final class ComparisonTableTests: XCTestCase {
    private let errorColumn = [(title: "test error %", score: "test_error_percent")]

    func testAResultReadsBackEqualWithItsScores() throws {
        let written = result("bn", statistics: "worker", errorPercent: 12.5)
        let text = try JSON.text(written)
        XCTAssertTrue(text.contains("\"test_error_percent\" : 12.5"), text)
        XCTAssertEqual(try JSON.value(RunResult.self, of: Array(text.utf8)), written)
    }

    func testNamesStandToTheLeftAndFiguresToTheRight() {
        let table = ComparisonTable(
            results: [
                result("bn", statistics: "worker", errorPercent: 9.876, loss: 0.123456),
                result("syncbn", statistics: "world", errorPercent: 100, loss: 12),
            ], scores: errorColumn)
        XCTAssertEqual(
            table.description,
            """
            variant  statistics  training loss  test error %  images/s  seconds  communication %
            -------  ----------  -------------  ------------  --------  -------  ---------------
            bn       worker             0.1235          9.88      1234     61.2             12.5
            syncbn   world             12.0000        100.00      1234     61.2             12.5
            """)
    }

    func testAScoreThatARunDoesNotHaveIsADash() {
        let table = ComparisonTable(
            results: [result("bn", statistics: "worker")], scores: errorColumn + [("probe %", "probe_percent")])
        let cells = table.description.split(separator: "\n").map { $0.split(separator: " ") }
        XCTAssertEqual(
            cells[0].suffix(6).map(String.init), ["probe", "%", "images/s", "seconds", "communication", "%"])
        XCTAssertEqual(cells[2].map(String.init), ["bn", "worker", "1.0000", "10.00", "–", "1234", "61.2", "12.5"])
    }

    func testItFits100ColumnsWhateverTheFigures() {
        for loss in [0, 99_999.9, 1e5, 1e30] {
            let table = ComparisonTable(
                results: [result("syncbn", statistics: "workers:65536", loss: loss)], scores: errorColumn)
            XCTAssertTrue(table.description.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(table)")
        }
        XCTAssertEqual(shown(loss: 123_456), "1.235e+05")
    }

    func testASentenceIsBrokenAtSpacesIntoLinesOfAtMost100Columns() {
        XCTAssertEqual(wrapped("a  short one"), "a short one")
        let fifty = String(repeating: "x", count: 50)
        let fortyNine = String(repeating: "y", count: 49)
        XCTAssertEqual(wrapped("\(fifty) \(fortyNine)"), "\(fifty) \(fortyNine)")
        XCTAssertEqual(wrapped("\(fifty) \(fifty)"), "\(fifty)\n\(fifty)")
        let long = String(repeating: "z", count: 120)
        XCTAssertEqual(wrapped("see \(long) there"), "see\n\(long)\nthere")
        XCTAssertEqual(wrapped(""), "")
    }

    func testOneIsSingularAndNothingElseIs() {
        XCTAssertEqual([0, 1, 2].map { counted($0, "rank") }, ["0 ranks", "1 rank", "2 ranks"])
    }
}
