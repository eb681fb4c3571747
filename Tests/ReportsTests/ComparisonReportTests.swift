import XCTest

@testable import Reports

/// What the report of a comparison says about given files.
final class ComparisonReportTests: XCTestCase {
    private func variant(_ norm: String, _ statistics: String, error: Double, hasReport: Bool = true)
        -> RecordedComparison.Variant
    {
        var run = RecordedRun(norm: norm, dataset: "digits", provenance: .unknown)
        run.result = result(norm, statistics: statistics, errorPercent: error)
        run.steps = RecordTable(csv: Array("step,loss,rate,seconds\n1,2,0.1,1\n2,1,0.1,1\n".utf8))
        run.epochs = RecordTable(
            csv: Array(
                "epoch,part,images,loss,error_percent\n1,test,100,1.5,\(2 * error)\n2,test,100,1,\(error)\n".utf8))
        return RecordedComparison.Variant(folder: norm, hasReport: hasReport, run: run)
    }

    private func comparison(_ runs: [RecordedComparison.Variant], testImages: Int? = 10_000) -> RecordedComparison {
        RecordedComparison(
            dataset: "digits", runs: runs, testImages: testImages, ending: nil, settings: [], provenance: .unknown)
    }

    func testItSaysTheVerdictAndHasALineForEachNorm() throws {
        let report = comparison([variant("bn", "worker", error: 25), variant("syncbn", "world", error: 12.5)]).report
        let results = [
            result("bn", statistics: "worker", errorPercent: 25),
            result("syncbn", statistics: "world", errorPercent: 12.5),
        ]
        XCTAssertEqual(report.summary.map(\.words), [Verdict(results, testImages: 10_000)?.description])
        let curves = try XCTUnwrap(report.figures.first { $0.name == "error-percent-over-epochs" })
        guard case .lines(let plot) = curves.content else { return XCTFail("no lines") }
        XCTAssertEqual(plot.series.map(\.name), ["bn", "syncbn"])
        XCTAssertEqual(plot.series.map { $0.points.map(\.y) }, [[50, 25], [25, 12.5]])
        // An eighth of 61.25 s in collectives.
        let time = try XCTUnwrap(report.figures.first { $0.name == "time-by-norm" })
        guard case .bars(let bars) = time.content else { return XCTFail("no bars") }
        XCTAssertEqual(bars.rows.map(\.values), [[53.59375, 7.65625], [53.59375, 7.65625]])
        XCTAssertTrue(report.figures.contains { $0.content == .cubes })
    }

    func testANormLeadsToItsReportOrToItsFolder() {
        let page = comparison([
            variant("bn", "worker", error: 25), variant("gn", "sample", error: 20, hasReport: false),
        ]).report.html(Pencil())
        XCTAssertTrue(page.contains("<a href=\"./bn/report.html\">bn</a>"), page)
        XCTAssertTrue(page.contains("<a href=\"./gn/\">gn</a>"), page)
    }

    /// Folders of earlier versions don't tell the number of test images, which the verdict needs.
    func testWithoutTheNumberOfTestImagesNoVerdictIsGiven() {
        let runs = [variant("bn", "worker", error: 25), variant("syncbn", "world", error: 12.5)]
        XCTAssertEqual(
            comparison(runs, testImages: nil).report.summary.map(\.words),
            ["The lowest test error is 12.50%, of syncbn; one seed is a direction, not a result."])
    }

    func testAComparisonThatHasNotBegunToTrainHasAReport() {
        var empty = comparison([], testImages: nil)
        empty.ending = "This run has not ended, or was ended from outside."
        XCTAssertEqual(empty.report.summary, ["This run has not ended, or was ended from outside."])
        XCTAssertTrue(empty.report.html(Pencil()).contains("What each norm averages over"))
    }

    func testNineNormsOfManyStepsAreSmallerThanAMegabyte() throws {
        let runs = (1...9).map { number in
            var run = variant("norm\(number)", "worker", error: Double(number))
            let steps = (1...10_000).map { "\($0),\(Double(number) / Double($0)),0.0123456789,0.0123456789\n" }
            run.run.steps = RecordTable(csv: Array(("step,loss,rate,seconds\n" + steps.joined()).utf8))
            let epochs = (1...100).map { "\($0),test,10000,\(1 / Double($0 + number)),\(50 / Double($0 + number))\n" }
            run.run.epochs = RecordTable(
                csv: Array(("epoch,part,images,loss,error_percent\n" + epochs.joined()).utf8))
            return run
        }
        let html = comparison(runs).report.html(Gnuplot())
        XCTAssertLessThanOrEqual(html.utf8.count, 1_000_000)
        try XCTSkipIf(html.contains("gnuplot-nox"), "gnuplot is not installed: measured without drawings")
    }
}
