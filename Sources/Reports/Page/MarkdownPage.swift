/// A report in Markdown, as GitHub reads it: the same text and tables, and of each figure what it shows and its data.
struct MarkdownPage {
    let report: Report

    /// The file.
    var markdown: String {
        let head = ["# \(escaped(report.title))"] + report.summary.map(\.markdown)
        let sections = report.sections.flatMap { section in
            ["## \(escaped(section.heading))"] + section.blocks.flatMap(paragraphs)
        }
        return (head + sections + repetition).joined(separator: "\n\n") + "\n"
    }

    private func paragraphs(_ block: ReportBlock) -> [String] {
        switch block {
        case .paragraph(let text): [text.markdown]
        case .table(let table): ["\(escaped(table.caption)):", table.markdown]
        case .code(let text): [fenced(text)]
        case .fold(let line, let blocks): ["\(escaped(line)):"] + blocks.flatMap(paragraphs)
        case .figure(let figure, let provenance): paragraphs(figure) + (provenance.map { [$0.table.markdown] } ?? [])
        }
    }

    private func paragraphs(_ figure: Figure) -> [String] {
        let remark = figure.rowsNotShown > 0 ? ["report.html has \(counted(figure.rowsNotShown, "more row"))."] : []
        return ["**\(escaped(figure.title)).** \(escaped(figure.description))", figure.shownData.markdown] + remark
    }

    /// What every report ends with.
    private var repetition: [String] {
        let provenance = report.provenance
        return [
            "## \(MadeAgain.heading)", MadeAgain.instruction, fenced(provenance.repetition), provenance.table.markdown,
            "Configuration:", fenced(provenance.configuration),
        ]
    }
}

extension Provenance {
    fileprivate var table: ReportTable {
        ReportTable(
            "How it was made", columns: [.name("what"), .name("value")], rows: rows.map { [ReportText($0), $1] })
    }
}

extension ReportText {
    /// The text in Markdown.
    var markdown: String {
        parts.map { part in
            switch part {
            case .plain(let words): escaped(words)
            case .code(let text): codeSpan(text)
            case .link(let words, let path): "[\(escaped(words))](\(linkAddress(path)))"
            }
        }.joined()
    }
}

extension ReportTable {
    /// The table without its caption.
    var markdown: String {
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
        let header = line(columns.map { escaped($0.title) })
        let rule = "|" + columns.map { $0.isNumeric ? "---:|" : "---|" }.joined()
        // The bar ends a cell even in code.
        let rows = rows.map { row in line(row.map { $0.markdown.replacing("|", with: "\\|") }) }
        return ([header, rule] + rows).joined(separator: "\n")
    }
}

/// A text in which no character is markup, on one line.
private func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
        switch character {
        case "\n", "\r", "\t": escaped += " "
        case "&": escaped += "&amp;"
        case "<": escaped += "&lt;"
        case ">": escaped += "&gt;"
        case "|": escaped += "&#124;"
        case "\\", "`", "*", "_", "[", "]", "#", "~", "!": escaped += "\\\(character)"
        default: escaped.unicodeScalars.append(character)
        }
    }
    return escaped
}

/// A text as code within a line.
private func codeSpan(_ text: String) -> String {
    let line = text.replacing("\n", with: " ")
    let fence = String(repeating: "`", count: longestRunOfBackticks(line) + 1)
    let pad = line.hasPrefix("`") || line.hasSuffix("`") ? " " : ""
    return fence + pad + line + pad + fence
}

/// Lines of code.
private func fenced(_ text: String) -> String {
    let fence = String(repeating: "`", count: max(3, longestRunOfBackticks(text) + 1))
    return "\(fence)\n\(text)\(text.hasSuffix("\n") ? "" : "\n")\(fence)"
}

private func longestRunOfBackticks(_ text: String) -> Int {
    text.split { $0 != "`" }.map(\.count).max() ?? 0
}
