import XCTest

@testable import Reports

/// A report in Markdown.
final class MarkdownPageTests: XCTestCase {
    /// The cells of a row, cut where GitHub cuts them: at bars without a backslash.
    private func cells(_ row: Substring) -> [String] {
        row.replacing("\\|", with: "\u{1}").split(separator: "|", omittingEmptySubsequences: false)
            .dropFirst().dropLast().map { $0.replacing("\u{1}", with: "|").trimmingCharacters(in: .whitespaces) }
    }

    func testEveryRowOfATableHasAsManyCellsAsItsHeader() {
        let lines = Report.hostile.markdown.split(separator: "\n", omittingEmptySubsequences: false)
        var columns: Int?
        var rules = 0
        for line in lines {
            guard line.hasPrefix("|") else {
                columns = nil
                continue
            }
            XCTAssertEqual(cells(line).count, columns ?? cells(line).count, String(line))
            columns = cells(line).count
            if line.hasPrefix("|-") { rules += 1 }
        }
        // The table, the figure's data, and how it was made.
        XCTAssertEqual(rules, 3)
    }

    func testNoTextBecomesMarkup() {
        let markdown = Report.hostile.markdown
        let escaped =
            "&lt;script&gt;alert('1')&lt;/script&gt; &amp; \"50%\" a\\_b &#124; \\`c\\` \\*d\\* \\[e\\](http://f) %s"
        XCTAssertTrue(markdown.hasPrefix("# \(escaped)\n\n\(escaped)"), markdown)
        XCTAssertTrue(markdown.contains("\n\n## \(escaped)\n\n"), markdown)
        // In code a text stands as it is, between more backticks than it holds.
        XCTAssertTrue(markdown.contains("``\(hostileWords)``"), markdown)
        XCTAssertTrue(markdown.contains("| ``\(hostileWords.replacing("|", with: "\\|"))`` | 3 |"), markdown)
    }

    func testCodeEndsWhereItEndsAndNotAtBackticksInIt() {
        var report = Report.hostile
        report.sections = [ReportSection("Code", [.code("a\n````\nb")])]
        XCTAssertTrue(report.markdown.contains("\n\n`````\na\n````\nb\n`````\n\n"), report.markdown)
    }

    func testAFigureIsASentenceAndItsData() {
        let figure = Figure(
            name: "loss", title: "Loss", description: "It falls.",
            content: .lines(
                LinePlot(
                    x: Axis("step"), y: Axis("loss"),
                    series: [
                        LinePlot.Series("bn", points: [LinePlot.Point(x: 1, y: 0.25), LinePlot.Point(x: 2, y: 0.125)])
                    ])))
        let report = Report(
            title: "t", summary: ["s"], sections: [ReportSection("Curves", [.figure(figure)])],
            provenance: Provenance(
                command: "normtrain train", configuration: "seed: 1\n", facts: [], repetition: "normtrain report ."))
        XCTAssertEqual(
            report.markdown,
            """
            # t

            s

            ## Curves

            **Loss.** It falls.

            | series | step | loss |
            |---|---:|---:|
            | bn | 1 | 0.25 |
            | bn | 2 | 0.125 |

            ## How to make it again

            From the folder of this report:

            ```
            normtrain report .
            ```

            | what | value |
            |---|---|
            | command | `normtrain train` |

            Configuration:

            ```
            seed: 1
            ```

            """)
    }
}
