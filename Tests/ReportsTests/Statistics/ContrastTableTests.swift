import XCTest

@testable import Reports

/// Contrasts and settings as text tables and as CSV.
final class ContrastTableTests: XCTestCase {
    private let (a, b, c) = (ReferenceCounts.a, ReferenceCounts.b, ReferenceCounts.c)

    private func family(name: String = "bn at 2") throws -> [Contrast] {
        try Contrast.family([
            PlannedContrast(
                name: name, first: "bn,batch=2", second: "syncbn,batch=2", differences: pairs(a, b),
                claim: Claim(.firstHigher, source: "He said \"more\",\nand Wu")),
            PlannedContrast(
                name: "bn at 16", first: "bn", second: "syncbn", differences: pairs(a, c),
                claim: Claim(.equivalent(margin: 0.5), source: "")),
            PlannedContrast(
                name: "none yet", first: "x", second: "y", differences: PairedDifferences(first: [], second: [])),
        ])
    }

    func testTheTableHasARowAContrast() throws {
        let lines = try "\(ContrastTable(family()))".split(separator: "\n").map(String.init)
        XCTAssertEqual(
            Array(lines[..<5]),
            [
                "contrast  points   95% interval  seeds       p   Holm   max-T  claim",
                "--------  ------  -------------  -----  ------  -----  ------  -----",
                "bn at 2     2.52   1.95 to 3.09    8/8  0.0078  0.023  0.0078   held",
                "bn at 16   -0.02  -0.10 to 0.07    5/8    0.74      1    0.74   held",
                "none yet                           0/0",
            ])
    }

    func testLongNamesDoNotWidenTheTable() throws {
        let long = String(repeating: "très long % _ & < ", count: 20)
        let text = try "\(ContrastTable(family(name: long)))"
        for line in text.split(separator: "\n") { XCTAssertLessThanOrEqual(line.count, 100) }
        XCTAssertTrue(text.contains("très long % _ & <"))
        XCTAssertTrue(text.contains("…"))
        XCTAssertFalse(try "\(ContrastTable(family(name: "two\nlines")))".contains("two\n"))
    }

    func testTablesOfNothingHaveAHeader() {
        XCTAssertTrue("\(ContrastTable([]))".hasPrefix("contrast"))
        XCTAssertTrue("\(SettingTable([]))".hasPrefix("setting"))
    }

    /// From SciPy, `ttest_1samp(a/100, 0).confidence_interval(0.95)`.
    func testASettingOverItsSeeds() throws {
        let summary = try SettingSummary(name: "bn", errors: trials(a))
        XCTAssertEqual(summary.seeds, 8)
        XCTAssertEqual(try XCTUnwrap(summary.meanPercent), 22.50125, accuracy: 1e-12)
        XCTAssertEqual(try XCTUnwrap(summary.deviation), 0.5085395756477568, accuracy: 1e-12)
        let interval = try XCTUnwrap(summary.interval95)
        XCTAssertEqual(interval.lowerBound, 22.076100275281778, accuracy: 1e-12)
        XCTAssertEqual(interval.upperBound, 22.92639972471822, accuracy: 1e-12)
    }

    func testTheTableHasARowASetting() throws {
        let table = try SettingTable([
            SettingSummary(name: "bn", errors: trials(a)), SettingSummary(name: "gn", errors: trials([123])),
            SettingSummary(name: "in", errors: []),
        ])
        XCTAssertEqual(
            "\(table)",
            """
            setting  seeds  test error %  deviation    95% interval
            -------  -----  ------------  ---------  --------------
            bn           8         22.50       0.51  22.08 to 22.93
            gn           1          1.23
            in           0
            """)
        XCTAssertThrowsError(try SettingSummary(name: "bn", errors: trials([1, 2], seeds: [1, 1])))
    }

    func testContrastsAsCSV() throws {
        let text = try contrastsCSV(family())
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        XCTAssertEqual(lines.count, 6, "a header, three rows of which one has a line break, and the end")
        XCTAssertTrue(lines[0].hasPrefix("contrast,first,second,test_images,pairs,seeds,"))
        XCTAssertTrue(
            lines[1].hasPrefix(
                "bn at 2,\"bn,batch=2\",\"syncbn,batch=2\",10000,8,1 2 3 4 5 6 7 8,2266 2194 2310 2231 2285 2170 2240 2305,"
                    + "1971 1990 2045 1935 2010 2060 1995 1980,2.51875,0.67958889884147"), "\(lines[1])")
        XCTAssertTrue(lines[1].contains(",0.0078125,0.0234375,0.0078125,3,"), "\(lines[1])")
        XCTAssertTrue(lines[1].hasSuffix(",8,0,first_higher,,,\"He said \"\"more\"\","))
        XCTAssertEqual(lines[2], "and Wu\",held")
        XCTAssertTrue(lines[3].hasSuffix(",,held"), "\(lines[3])")
        XCTAssertTrue(lines[3].contains(",equivalent,0.5,1.8583252950"), "\(lines[3])")
        XCTAssertEqual(lines[4], "none yet,x,y,0,0,,,,,,,,,,,,,,,,,,3,,,0,0,0,,,,,")
    }
}
