import XCTest

@testable import Reports

/// SVG as drawing programs write it, and as it is written here.
final class SVGTests: XCTestCase {
    func testElementsAttributesAndTextAreRead() throws {
        let root = try SVGParser.root(
            of: """
                <?xml version="1.0"?>
                <!DOCTYPE svg>
                <svg
                  width='1' fill = 'rgb( 1, 2)'>
                  <!-- what --> <g><text>a &lt;b> &amp;amp; "c"</text></g><use
                  href="#x"/>
                </svg>
                """)
        XCTAssertEqual(
            root,
            SVGElement(
                "svg", ["width": "1", "fill": "rgb( 1, 2)"],
                [
                    .element(SVGElement("g", [:], [.element(SVGElement("text", text: "a <b> &amp; \"c\""))])),
                    .element(SVGElement("use", ["href": "#x"])),
                ]))
    }

    func testWhatIsWrittenReadsTheSame() throws {
        let element = SVGElement("text", ["x": "\"<&>'"], text: "a & b < c > d \"e\" 漢字")
        XCTAssertEqual(
            "\(element)",
            "<text x=\"&quot;&lt;&amp;&gt;'\">a &amp; b &lt; c &gt; d &quot;e&quot; 漢字</text>")
        XCTAssertEqual(try SVGParser.root(of: "\(element)"), element)
    }

    func testWhatIsNotWholeIsRefused() {
        for text in ["", "no element", "<svg>", "<svg", "<svg a>", "<svg a=b>", "<svg><g></svg>", "<svg a='", "<?xml"] {
            XCTAssertThrowsError(try SVGParser.root(of: text), text)
        }
    }

    func testAnAttributeIsChangedInItsPlace() {
        var element = SVGElement("g", ["a": "1", "b": "2"])
        element["a"] = "3"
        element["b"] = nil
        element["c"] = "4"
        XCTAssertEqual("\(element)", "<g a=\"3\" c=\"4\"/>")
    }

    func testTheIdentifiersOfAFigureAreWords() {
        let figure = Figure(name: "a b\"é1", title: "", description: "", content: .cubes)
        XCTAssertEqual(FigureFrame(figure).identifier("title"), "figure-a-b--1-title")
    }
}
