import Foundation
import XCTest

@testable import Reports

/// A report as an HTML file.
final class ReportPageTests: XCTestCase {
    private func page(_ report: Report = .hostile, _ drawing: any FigureDrawing = Pencil()) -> String {
        report.html(drawing)
    }

    /// The values of an attribute, as they stand in the page.
    private func values(of attribute: String, in page: String) throws -> [String] {
        let pattern = try Regex("\\s\(attribute)=\"([^\"]*)\"", as: (Substring, Substring).self)
        return page.matches(of: pattern).map { String($0.output.1) }
    }

    func testNoTextOfAReportBecomesMarkup() {
        let page = page()
        XCTAssertFalse(page.contains("<script"), page)
        XCTAssertFalse(page.contains("<img"), page)
        // Title twice, summary, link, heading twice, cells, caption twice, code, fold, figure, command, configuration, facts.
        XCTAssertGreaterThan(page.components(separatedBy: "&lt;script&gt;").count, 15)
        XCTAssertTrue(page.contains("<h1>\(hostileInHTML)</h1>"), page)
        XCTAssertTrue(page.contains("<caption>\(hostileInHTML)</caption>"), page)
        XCTAssertTrue(page.contains("<code>\(hostileInHTML)\n</code>"), page)
    }

    func testCharactersThatHTMLHasNoPlaceForAreReplaced() {
        var report = Report.hostile
        report.title = "a\u{0}b\u{1B}[1mc\u{85}d\te"
        XCTAssertTrue(page(report).contains("<h1>a\u{FFFD}b\u{FFFD}[1mc\u{FFFD}d\te</h1>"))
    }

    /// Links lead to places of the page, to files beside it, and to data inside of it.
    func testNothingIsFetchedFromANetwork() throws {
        let page = page()
        for attribute in ["src", "srcset", "action", "data", "poster", "background"] {
            XCTAssertEqual(try values(of: attribute, in: page), [], attribute)
        }
        let links = try values(of: "href", in: page)
        XCTAssertGreaterThan(links.count, 5)
        for link in links {
            XCTAssertTrue(["#", "./", "data:"].contains(where: link.hasPrefix), link)
        }
        XCTAssertFalse(page.contains("url("), page)
        XCTAssertFalse(page.contains("@import"), page)
        XCTAssertTrue(page.contains("content=\"default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;;"))
    }

    func testALinkStaysBelowTheFolderWhateverItsName() {
        for (path, address) in [
            ("bn/report.html", "./bn/report.html"), ("javascript:alert(1)", "./javascript%3Aalert%281%29"),
            ("//example.org/x", ".///example.org/x"), ("trials/norm=bn,batch=2", "./trials/norm=bn,batch=2"),
            ("a b\"c", "./a%20b%22c"), ("ü", "./%C3%BC"), ("50%", "./50%25"),
        ] { XCTAssertEqual(linkAddress(path), address) }
    }

    func testHeadingsGoDownWithoutGapsAndTablesSayWhatTheirCellsAreAbout() throws {
        let page = page()
        let headings = page.matches(of: /<h([1-6])/).map { Int($0.1) ?? 0 }
        XCTAssertEqual(headings.first, 1)
        XCTAssertEqual(headings.count { $0 == 1 }, 1)
        for (above, below) in zip(headings, headings.dropFirst()) { XCTAssertLessThanOrEqual(below, above + 1) }
        XCTAssertEqual(page.matches(of: /<table>/).count, page.matches(of: /<table>\s*<caption>/).count)
        XCTAssertEqual(page.matches(of: /<th[ >]/).count, page.matches(of: /<th scope="(col|row)"/).count)
        XCTAssertTrue(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
        let anchors = try values(of: "id", in: page)
        XCTAssertEqual(Set(anchors).count, anchors.count, "\(anchors)")
        for link in try values(of: "href", in: page) where link.hasPrefix("#") {
            XCTAssertTrue(anchors.contains(String(link.dropFirst())), link)
        }
    }

    func testAFigureCarriesItsDataItsSpecificationAndHowItWasMade() throws {
        let page = page()
        let data = try XCTUnwrap(
            page.firstMatch(of: /download="loss.csv" href="data:text\/csv;charset=utf-8;base64,([^"]+)"/))
        let csv = try XCTUnwrap(Data(base64Encoded: String(data.1)))
        XCTAssertEqual(String(decoding: csv, as: UTF8.self), Figure.hostile.csv)
        let drawing = try XCTUnwrap(
            page.firstMatch(of: /download="loss.vl.json" href="data:application\/json;charset=utf-8;base64,([^"]+)"/))
        let specification = try XCTUnwrap(Data(base64Encoded: String(drawing.1)))
        XCTAssertNotNil(try JSONSerialization.jsonObject(with: specification) as? [String: Any])
        let figure = try XCTUnwrap(page.firstMatch(of: /<figure id="figure-loss">.*?<\/figure>/.dotMatchesNewlines())).0
        for word in ["<svg", "<figcaption>", "<dt>command</dt>", "<dt>seed</dt>", "Configuration"] {
            XCTAssertTrue(figure.contains(word), word)
        }
        // Numbers to read have six digits, those to compute with all.
        XCTAssertTrue(figure.contains("<td class=\"number\">0.333333</td>"), String(figure))
        XCTAssertTrue(String(decoding: csv, as: UTF8.self).contains("0.3333333333333333"))
    }

    /// The four cubes need no gnuplot.
    func testWithoutGnuplotASentenceSaysSoOnceAndTheDataStay() {
        var report = Report.hostile
        report.sections.append(ReportSection("More", [.figure(.cubes)]))
        let page = page(report, Gnuplot(program: "/nonexistent/gnuplot"))
        XCTAssertEqual(page.components(separatedBy: "install Debian&#39;s package gnuplot-nox").count, 2, page)
        XCTAssertTrue(page.contains("download=\"loss.csv\""))
        XCTAssertEqual(page.components(separatedBy: "<svg").count, 2)
        XCTAssertEqual(page.components(separatedBy: "Not drawn").count, 2)
    }

    func testAFigureThatCannotBeDrawnSaysWhyInItsPlaceAndTheOthersAreDrawn() {
        var report = Report.hostile
        report.sections.append(ReportSection("More", [.figure(.cubes)]))
        let page = page(report, Pencil(breaksAt: "loss"))
        XCTAssertTrue(page.contains("<p class=\"notice\">the pencil broke &amp; is gone.</p>"), page)
        XCTAssertEqual(page.components(separatedBy: "<svg").count, 2)
        XCTAssertTrue(page.contains("download=\"loss.csv\""))
    }

    func testALongTableOfDataIsCutAndItsFileIsNot() throws {
        let points = (1...600).map { LinePlot.Point(x: Double($0), y: 1) }
        let figure = Figure(
            name: "long", title: "Long", description: "A long one.",
            content: .lines(LinePlot(x: Axis("x"), y: Axis("y"), series: [LinePlot.Series("a", points: points)])))
        XCTAssertEqual(figure.shownData.rows.count, 500)
        XCTAssertEqual(figure.rowsNotShown, 100)
        // Neither marks nor bands: their columns are left out.
        XCTAssertEqual(figure.shownData.columns.map(\.title), ["series", "x", "y"])
        let report = Report(
            title: "t", summary: [], sections: [ReportSection("s", [.figure(figure)])], provenance: .unknown)
        XCTAssertTrue(page(report).contains("<p>long.csv has 100 more rows.</p>"))
    }
}
