import XCTest

@testable import Reports

/// The values below a figure.
final class FigureTableTests: XCTestCase {
    func testLinesHaveARowForEachPointAndEachMark() {
        XCTAssertEqual(
            Figures.lines.csv,
            """
            series,mark,images per worker,"test error, %",from,to
            bn,,1,54.7,50.25,59.5
            bn,,2,22.6,,
            bn,,4,nan,,
            bn,seed 1,1,54.5,,
            "syncbn, ""all""\",,1,18,17,19

            """)
    }

    func testDifferencesAreFollowedByTheirPairs() {
        XCTAssertEqual(
            Figures.intervals.csv,
            """
            contrast,pair,"difference, points",from,to,margin
            bn − syncbn,,2.5,1.75,3.25,1
            bn − syncbn,seed 1,2,,,
            bn − syncbn,seed 2,3,,,
            gn − syncbn,,-1,,,

            """)
    }

    func testBarsHaveAColumnForEachPart() {
        XCTAssertEqual(Figures.bars.csv, "ms a step,forward,messages\nbn,5,0\nsyncbn,5,1.5\n")
        XCTAssertEqual(Figures.bars.data.columns.map(\.isNumeric), [false, true, true])
    }

    func testCubesTellWhatEachNormAveragesOver() {
        XCTAssertTrue(Figures.cubes.csv.contains("\"batch norm, synchronised\",\"N of all workers, H, W\",channel\n"))
    }

    func testNumbersKeepAllTheirDigits() {
        for (value, text) in [
            (0.1 + 0.2, "0.30000000000000004"), (32, "32"), (-0.0, "0"), (1e300, "1e+300"), (1e-300, "1e-300"),
            (Double.nan, "nan"), (-Double.infinity, "-inf"), (9_007_199_254_740_992, "9007199254740992.0"),
        ] { XCTAssertEqual(FigureNumber.exact(value), text) }
    }

    func testACategoryStandsInPlaceOfItsNumber() {
        let axis = Axis("shards", ticks: [Axis.Tick(1, "iid"), Axis.Tick(2, "2"), Axis.Tick(1000, "1e3")])
        XCTAssertEqual([1, 2, 1000, 3].map(axis.cell), ["iid", "2", "1000", "3"])
    }

    func testCellsAreQuotedWhereCommasQuotesAndLinesNeedIt() {
        let table = FigureTable(["a,b", "c"], [["say \"hi\"", "two\nlines"], ["plain", " blank"]])
        XCTAssertEqual(table.csv, "\"a,b\",c\n\"say \"\"hi\"\"\",\"two\nlines\"\nplain,\" blank\"\n")
    }
}
