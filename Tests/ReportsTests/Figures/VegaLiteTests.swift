import Foundation
import XCTest

@testable import Reports

/// What those get who draw a figure anew.
final class VegaLiteTests: XCTestCase {
    private func object(_ figure: Figure) throws -> [String: Any] {
        let text = try XCTUnwrap(figure.vegaLite)
        return try XCTUnwrap(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func values(_ view: [String: Any]) -> [[String: Any]] {
        (view["data"] as? [String: Any])?["values"] as? [[String: Any]] ?? []
    }

    func testASpecificationNamesItsSchemaAndHoldsItsData() throws {
        for figure in [Figures.lines, Figures.intervals, Figures.bars] {
            let specification = try object(figure)
            XCTAssertEqual(specification["$schema"] as? String, "https://vega.github.io/schema/vega-lite/v5.json")
            XCTAssertEqual(specification["title"] as? String, figure.title)
            XCTAssertFalse(values(specification).isEmpty)
        }
        XCTAssertNil(Figures.cubes.vegaLite)
    }

    func testLinesKeepTheirAxisTheirOrderAndTheirSeeds() throws {
        let specification = try object(Figures.lines)
        XCTAssertEqual(values(specification).map { $0["series"] as? String }, ["bn", "bn", "bn", "syncbn, \"all\""])
        XCTAssertTrue(values(specification)[2]["y"] is NSNull)
        XCTAssertEqual(values(specification)[0]["to"] as? Double, 59.5)
        let encoding = try XCTUnwrap(specification["encoding"] as? [String: [String: Any]])
        XCTAssertEqual((encoding["x"]?["scale"] as? [String: Any])?["type"] as? String, "log")
        XCTAssertEqual((encoding["x"]?["axis"] as? [String: Any])?["values"] as? [Int], [1, 2, 4])
        let layers = try XCTUnwrap(specification["layer"] as? [[String: Any]])
        XCTAssertEqual(layers.map { ($0["mark"] as? [String: Any])?["type"] as? String }, ["area", "circle", "line"])
        XCTAssertEqual(values(layers[1]).map { $0["mark"] as? String }, ["seed 1"])
    }

    func testDifferencesHaveTheirMarginOnBothSides() throws {
        let specification = try object(Figures.intervals)
        let rows = values(specification)
        XCTAssertEqual(rows[0]["margin"] as? Double, 1)
        XCTAssertEqual(rows[0]["negativeMargin"] as? Double, -1)
        XCTAssertTrue(rows[1]["margin"] is NSNull && rows[1]["from"] is NSNull)
        for layer in try XCTUnwrap(specification["layer"] as? [[String: Any]]) {
            guard let y = (layer["encoding"] as? [String: [String: Any]])?["y"] else { continue }
            XCTAssertEqual(y["sort"] as? [String], ["bn − syncbn", "gn − syncbn"])
        }
    }

    func testBarsAreStackedInTheOrderOfTheirParts() throws {
        let rows = values(try object(Figures.bars))
        XCTAssertEqual(rows.map { $0["part"] as? String }, ["forward", "messages", "forward", "messages"])
        XCTAssertEqual(rows.map { $0["order"] as? Int }, [0, 1, 0, 1])
    }

    func testCategoriesAreNamedAtTheirTicks() throws {
        let axis = Axis("shards", ticks: [Axis.Tick(1, "it's \\ iid"), Axis.Tick(2, "2")])
        guard case .object(let encoding) = axis.vegaLite("x"), case .object(let drawn) = encoding["axis"] else {
            return XCTFail("no axis")
        }
        XCTAssertEqual(
            drawn["labelExpr"],
            .string("datum.value == 1.0 ? 'it\\'s \\\\ iid' : datum.value == 2.0 ? '2' : datum.label"))
    }

    func testHostileTextIsValidAndUnchanged() throws {
        for text in HostileText.all {
            let row = BarPlot.Row(text, values: [1, .nan, .infinity])
            let figure = Figure(
                name: "b", title: text, description: text,
                content: .bars(BarPlot(x: Axis(text), parts: [text, "b", "c"], rows: [row])))
            let specification = try object(figure)
            XCTAssertEqual(specification["title"] as? String, HostileText.shown(text))
            XCTAssertEqual(values(specification).first?["row"] as? String, HostileText.shown(text))
            XCTAssertTrue(values(specification)[1]["value"] is NSNull)
        }
    }

    func testTheKeysOfObjectsAreSorted() {
        let value: JSONValue = ["b": [1, 0.5, nil, true], "a": ["d": "x\"\u{1}\n", "c": []]]
        XCTAssertEqual("\(value)", #"{"a":{"c":[],"d":"x\"\u0001\n"},"b":[1,0.5,null,true]}"#)
    }
}
