import Foundation
import FoundationXML
import XCTest

@testable import Reports

/// What gnuplot draws, made fit for a page.
final class GnuplotTests: XCTestCase {
    private let batches: [Double] = [1, 2, 4, 8, 16, 32]

    override func setUpWithError() throws {
        do { _ = try Gnuplot().svg(of: figure([])) } catch DrawingError.gnuplotMissing {
            throw XCTSkip("gnuplot is not installed: apt-get install gnuplot-nox.")
        }
    }

    private func figure(
        _ series: [LinePlot.Series], name: String = "error", x: Axis = Axis("images"), y: Axis = Axis("%")
    )
        -> Figure
    {
        Figure(
            name: name, title: "Error", description: "What there is.",
            content: .lines(LinePlot(x: x, y: y, series: series)))
    }

    private func series(_ name: String, _ values: [Double], seeds: Int = 0) -> LinePlot.Series {
        LinePlot.Series(
            name, points: zip(batches, values).map { LinePlot.Point(x: $0, y: $1, band: ($1 - 1)...($1 + 1)) },
            marks: zip(batches, values).flatMap { x, y in
                (0..<seeds).map { LinePlot.Mark(x: x, y: y + Double($0), label: "seed \($0)") }
            })
    }

    /// The picture, read back.
    private func picture(_ figure: Figure) throws -> SVGElement { try SVGParser.root(of: Gnuplot().svg(of: figure)) }

    private func texts(_ figure: Figure) throws -> [String] { try picture(figure).all("text").map(\.ownText) }

    private func tooltips(_ figure: Figure) throws -> [String] {
        try picture(figure).elements.flatMap { $0.name == "title" ? [] : $0.all("title") }.map(\.ownText)
    }

    func testEverySeedAndEveryPointHasATooltip() throws {
        let tooltips = try tooltips(
            figure([series("bn", [54, 22, 20, 19, 18, 18], seeds: 3)], y: Axis("test error, %")))
        XCTAssertEqual(tooltips.count, 6 * 3 + 6)
        XCTAssertTrue(tooltips.contains("bn, seed 2\nimages: 4\ntest error, %: 22"), "\(tooltips)")
        XCTAssertTrue(tooltips.contains("bn\nimages: 32\ntest error, %: 18 (17 to 19)"), "\(tooltips)")
    }

    func testATooltipSaysWhatStandsAtATick() throws {
        let axis = Axis("shards", ticks: [Axis.Tick(1, "iid"), Axis.Tick(2, "sorted, 50%")])
        let tooltips = try tooltips(figure([series("bn", [54, 22])], x: axis))
        XCTAssertTrue(tooltips.contains("bn\nshards: sorted, 50%\n%: 22 (21 to 23)"), "\(tooltips)")
        XCTAssertTrue(try texts(figure([series("bn", [54, 22])], x: axis)).contains("sorted, 50%"))
    }

    func testTheSameFigureHasTheSameBytes() throws {
        let figure = figure([series("bn", [54, 22, 20], seeds: 2), series("syncbn", [18, 18, 18])])
        XCTAssertEqual(try Gnuplot().svg(of: figure), try Gnuplot().svg(of: figure))
    }

    func testItScalesAndIsNamedForThoseWhoCanNotSeeIt() throws {
        let root = try picture(figure([series("bn", [54, 22])]))
        XCTAssertEqual(root["role"], "img")
        XCTAssertNotNil(root["viewBox"])
        XCTAssertNil(root["width"])
        let named = try XCTUnwrap(root["aria-labelledby"]).split(separator: " ").map(String.init)
        XCTAssertEqual(
            named.compactMap { name in root.elements.first { $0["id"] == name }?.ownText }, ["Error", "What there is."])
    }

    func testIdentifiersOfTwoFiguresDiffer() throws {
        func identifiers(_ name: String) throws -> [String] {
            try picture(figure([series("bn", [54, 22])], name: name)).all.compactMap { $0["id"] }
        }
        let (first, second) = (try identifiers("error"), try identifiers("groups"))
        XCTAssertEqual(first.count, Set(first).count)
        XCTAssertGreaterThan(first.count, 2)
        XCTAssertTrue(Set(first).isDisjoint(with: second))
    }

    func testEveryReferenceHasItsTarget() throws {
        let root = try picture(figure((0..<12).map { series("\($0)", [Double($0), 22]) }))
        let identifiers = Set(root.all.compactMap { $0["id"] })
        let references = root.all.compactMap { $0["href"] }
        XCTAssertGreaterThan(references.count, 12)
        for reference in references { XCTAssertTrue(identifiers.contains(String(reference.dropFirst())), reference) }
    }

    func testColoursAreThoseOfThePage() throws {
        for figure in Figures.oneOfEachKind {
            let root = try picture(figure)
            for element in root.all {
                for name in ["fill", "stroke", "color"] {
                    guard let value = element[name], value != "none", value != "currentColor" else { continue }
                    XCTAssertTrue(
                        FigurePalette.all.map(\.reference).contains(value),
                        "\(figure.name): \(element.name) \(name) \(value)")
                }
            }
        }
    }

    func testLinesThatEndAtTheSameHeightAreNamedApart() throws {
        let root = try picture(figure([series("bn", [54, 18]), series("syncbn", [18, 18])]))
        let heights = ["bn", "syncbn"].compactMap { name in
            root.all("text").first { $0.ownText == name }?["transform"]?.split(separator: ",").last
                .flatMap { Double($0.dropLast()) }
        }
        XCTAssertEqual(heights.count, 2)
        XCTAssertEqual(abs(heights[0] - heights[1]), 20, accuracy: 0.1)
    }

    func testShortenedNamesAreToldWhole() throws {
        let names = ["one", "two"].map { "a very long name of a series of which there are several, number \($0)" }
        let figure = figure(names.map { series($0, [20, 18]) }, x: Axis("x", ticks: [Axis.Tick(1, names[0])]))
        let texts = try picture(figure).all("text").filter { $0.ownText.hasSuffix("…") }
        XCTAssertEqual(texts.map { $0.elements.map(\.ownText) }, [[names[0]], [names[0]], [names[1]]])
    }

    func testHostileTextNeitherBreaksNorChanges() throws {
        for text in HostileText.all {
            let axis = Axis(text, ticks: [Axis.Tick(1, text), Axis.Tick(2, "2")])
            let named = LinePlot.Series(
                text, points: [LinePlot.Point(x: 1, y: 1), LinePlot.Point(x: 2, y: 3)],
                marks: [LinePlot.Mark(x: 1, y: 2, label: text)])
            let rows = [IntervalPlot.Row(text, mean: 1, interval: 0...2, margin: 1)]
            for figure in [
                figure([named], x: axis, y: axis),
                Figure(
                    name: "i", title: text, description: text, content: .intervals(IntervalPlot(x: axis, rows: rows))),
                Figure(
                    name: "b", title: text, description: text,
                    content: .bars(BarPlot(x: axis, parts: [text], rows: [BarPlot.Row(text, values: [1])]))),
            ] {
                let root = try picture(figure)
                let parser = XMLParser(data: Data(try Gnuplot().svg(of: figure).utf8))
                XCTAssertTrue(parser.parse(), "\(figure.name): \(text): \(parser.parserError as Any)")
                let shown = HostileText.shown(text)
                let whole = shown.drop { $0 == " " }
                let found = root.all.map(\.ownText).filter { !whole.isEmpty && $0.contains(whole) }
                XCTAssertTrue(whole.isEmpty || found.count >= 2, "\(figure.name): \(text) is not in \(root)")
                XCTAssertTrue(root.all("script").isEmpty && root.all("b").isEmpty)
            }
        }
        XCTAssertFalse(FileManager.default.fileExists(atPath: "PWNED"))
    }

    func testValuesThatCanNotBeDrawnAreLeftOut() throws {
        let points = [1.0, .nan, 3, .infinity, 1e300].enumerated().map {
            LinePlot.Point(x: Double($0), y: $1, band: 0...(.infinity))
        }
        let marks = [LinePlot.Mark(x: .nan, y: 1, label: "a"), LinePlot.Mark(x: 1, y: 2, label: "b")]
        let tooltips = try tooltips(figure([LinePlot.Series("bn", points: points, marks: marks)]))
        XCTAssertEqual(tooltips.count, 2 + 1)
    }

    func testALogarithmicAxisLeavesOutWhatIsNotAboveZero() throws {
        let points = [-1.0, 0, 10].map { LinePlot.Point(x: $0, y: $0) }
        let logarithmic = Axis("x", isLogarithmic: true)
        XCTAssertEqual(try tooltips(figure([LinePlot.Series("bn", points: points)], x: logarithmic)).count, 1)
        XCTAssertEqual(try tooltips(figure([LinePlot.Series("bn", points: points)], y: logarithmic)).count, 1)
    }

    func testFiguresWithoutValuesSaySo() throws {
        XCTAssertTrue(try texts(figure([])).contains("no values"))
        XCTAssertTrue(try texts(figure([LinePlot.Series("bn", points: [])])).contains("bn (no values)"))
        for content in [
            Figure.Content.intervals(IntervalPlot(x: Axis("x"), rows: [])),
            .bars(BarPlot(x: Axis("x"), parts: [], rows: [])),
        ] {
            XCTAssertTrue(
                try texts(Figure(name: "e", title: "", description: "", content: content)).contains("no values"))
        }
    }

    func testASinglePointAndEqualValuesHaveAxes() throws {
        for values in [[5.0], [0], [7, 7, 7], [1e-300, 1e-300], [-1e99, 1e99], [1e9, 1e9 + 1e-6]] {
            XCTAssertEqual(try tooltips(figure([series("bn", values)])).count, values.count, "\(values)")
        }
    }
}
