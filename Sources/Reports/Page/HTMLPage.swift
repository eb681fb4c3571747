import Foundation

/// A report as one HTML file that needs no network and no program but a browser.
struct HTMLPage {
    let report: Report
    let drawings: Drawings

    /// The file.
    var html: String { page.html }

    private var page: Markup {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
        <title>\(report.title)</title>
        <style>
        \(trusted: Stylesheet.text)\(trusted: FigurePalette.styleSheet)
        </style>
        </head>
        <body>
        <header>
        <h1>\(report.title)</h1>
        \(report.summary.map { "<p class=\"summary\">\($0.markup)</p>\n" })\(drawingNotice)</header>
        \(contents)<main>
        \(report.sections.map(section))\(repetition)</main>
        </body>
        </html>

        """
    }

    /// Whatever a page might hold, a browser that keeps to this fetches nothing and runs nothing.
    private static let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

    private var drawingNotice: Markup {
        drawings.notice.map { "<p class=\"notice\">\(ReportText($0).markup)</p>\n" } ?? ""
    }

    /// Links to the sections, where there are enough of them to get lost.
    private var contents: Markup {
        guard report.sections.count > 2 else { return "" }
        let links: [Markup] = (report.sections.map(\.heading) + [MadeAgain.heading]).map { heading in
            "<li><a href=\"#\(anchor(heading))\">\(heading)</a></li>\n"
        }
        return "<nav aria-label=\"Contents\">\n<ul>\n\(links)</ul>\n</nav>\n"
    }

    private func section(_ section: ReportSection) -> Markup {
        Self.section(section.heading, "\(section.blocks.map(block))")
    }

    /// What every report ends with.
    private var repetition: Markup {
        Self.section(
            MadeAgain.heading,
            "<p>\(MadeAgain.instruction)</p>\n\(Self.code(report.provenance.repetition))\(report.provenance.markup)")
    }

    private static func section(_ heading: String, _ content: Markup) -> Markup {
        """
        <section aria-labelledby="\(anchor(heading))">
        <h2 id="\(anchor(heading))">\(heading)</h2>
        \(content)</section>

        """
    }

    func block(_ block: ReportBlock) -> Markup {
        switch block {
        case .paragraph(let text): "<p>\(text.markup)</p>\n"
        case .table(let table): table.markup
        case .figure(let figure, let provenance): self.figure(figure, provenance ?? report.provenance)
        case .code(let text): Self.code(text)
        case .fold(let line, let blocks): Self.fold(line, "\(blocks.map(self.block))")
        }
    }

    static func code(_ text: String) -> Markup { "<pre tabindex=\"0\"><code>\(text)</code></pre>\n" }

    static func fold(_ line: String, _ content: Markup) -> Markup {
        "<details>\n<summary>\(line)</summary>\n\(content)</details>\n"
    }
}

/// What a section's heading is called in a link: it stands apart from the names of figures.
private func anchor(_ heading: String) -> String {
    let words = heading.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return "section-" + words.joined(separator: "-")
}

extension ReportText {
    /// The text as HTML.
    var markup: Markup {
        let pieces: [Markup] = parts.map { part in
            switch part {
            case .plain(let words): "\(words)"
            case .code(let text): "<code>\(text)</code>"
            case .link(let words, let path): "<a href=\"\(linkAddress(path))\">\(words)</a>"
            }
        }
        return "\(pieces)"
    }
}

extension ReportTable {
    /// The table as HTML: on a narrow screen it moves under the reader's finger, and the page stays.
    var markup: Markup {
        let header: [Markup] = columns.map { column in
            column.isNumeric
                ? "<th scope=\"col\" class=\"number\">\(column.title)</th>" : "<th scope=\"col\">\(column.title)</th>"
        }
        return """
            <div class="scroll" role="region" aria-label="\(caption)" tabindex="0">
            <table>
            <caption>\(caption)</caption>
            <thead><tr>\(header)</tr></thead>
            <tbody>
            \(rows.map(row))</tbody>
            </table>
            </div>

            """
    }

    private func row(_ cells: [ReportText]) -> Markup {
        let pieces: [Markup] = zip(columns, cells).enumerated().map { index, pair in
            let (column, cell) = pair
            if index == 0 { return "<th scope=\"row\">\(cell.markup)</th>" }
            return column.isNumeric ? "<td class=\"number\">\(cell.markup)</td>" : "<td>\(cell.markup)</td>"
        }
        return "<tr>\(pieces)</tr>\n"
    }
}
