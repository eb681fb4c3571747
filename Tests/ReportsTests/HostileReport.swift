@testable import Reports

/// A text that is markup in HTML, in Markdown, in a shell and in a format of numbers.
let hostileWords = "<script>alert('1')</script> & \"50%\" a_b | `c` *d* [e](http://f) %s"

/// The same as HTML must have it.
let hostileInHTML =
    "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;50%&quot; a_b | `c` *d* [e](http://f) %s"

extension Report {
    /// A report with hostile words in every place.
    static var hostile: Report {
        let text = ReportText(hostileWords)
        let table = ReportTable(
            hostileWords, columns: [.name(hostileWords), .number("|")],
            rows: [[text, "1|2"], [.code(hostileWords), "3"]])
        let link = ReportText.link(hostileWords, path: hostileWords)
        return Report(
            title: hostileWords, summary: [text + .code(hostileWords) + link],
            sections: [
                ReportSection(hostileWords, [.paragraph(text), .table(table), .code(hostileWords + "\n")]),
                ReportSection("Figures", [.figure(.hostile), .fold(hostileWords, [.paragraph(text)])]),
                ReportSection("Others", [.paragraph("plain")]),
            ],
            provenance: Provenance(
                command: hostileWords, configuration: hostileWords,
                facts: [Provenance.Fact("seed", "1"), Provenance.Fact(hostileWords, hostileWords)],
                repetition: hostileWords))
    }
}

extension Figure {
    /// A figure with hostile words in every place but its name.
    static var hostile: Figure {
        let points = [LinePlot.Point(x: 1, y: 1.0 / 3), LinePlot.Point(x: 2, y: .nan)]
        return Figure(
            name: "loss", title: hostileWords, description: hostileWords,
            content: .lines(
                LinePlot(
                    x: Axis(hostileWords), y: Axis("loss"), series: [LinePlot.Series(hostileWords, points: points)])))
    }
}

extension Provenance {
    /// Of something that nobody has recorded.
    static let unknown = Provenance(command: nil, configuration: "", facts: [], repetition: "")
}

/// Draws an empty picture of any figure.
struct Pencil: FigureDrawing {
    struct Broken: Error, CustomStringConvertible {
        let description = "the pencil broke & is gone."
    }

    /// The figure that it can't draw.
    var breaksAt: String?

    func svg(of figure: Figure) throws -> String {
        if figure.name == breaksAt { throw Broken() }
        return "<svg></svg>"
    }
}
