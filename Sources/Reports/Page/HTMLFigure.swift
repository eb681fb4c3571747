import Foundation

extension HTMLPage {
    /// A figure with its data, what draws it elsewhere, and how it was made.
    func figure(_ figure: Figure, _ provenance: Provenance) -> Markup {
        """
        <figure id="figure-\(figure.name)">
        \(drawing(of: figure))<figcaption><strong>\(figure.title)</strong> \(figure.description)</figcaption>
        \(Self.fold("Data of this figure", data(of: figure)))\
        \(Self.fold("How this figure was made", provenance.markup))</figure>

        """
    }

    private func drawing(of figure: Figure) -> Markup {
        if let picture = drawings.pictures[figure.name] { return "\(trusted: picture)\n" }
        let reason = drawings.failures[figure.name] ?? "Not drawn: its data are below."
        return "<p class=\"notice\">\(reason)</p>\n"
    }

    private func data(of figure: Figure) -> Markup {
        let csv = dataAddress(figure.csv, type: "text/csv")
        let vegaLite: Markup =
            figure.vegaLite.map { specification in
                let address = dataAddress(specification, type: "application/json")
                return """
                     · <a download="\(figure.name).vl.json" href="\(address)">\(figure.name).vl.json</a> \
                    (a Vega-Lite specification, to draw it in another way)
                    """
            } ?? ""
        return """
            <p><a download="\(figure.name).csv" href="\(csv)">\(figure.name).csv</a>\(vegaLite)</p>
            \(figure.shownData.markup)\(remark(on: figure))
            """
    }

    private func remark(on figure: Figure) -> Markup {
        figure.rowsNotShown > 0 ? "<p>\(figure.name).csv has \(counted(figure.rowsNotShown, "more row")).</p>\n" : ""
    }
}

extension Figure {
    /// A table that nobody reads to its end makes a page slow.
    private static let mostRowsShown = 500

    /// Its data as a table of a report, as far as a person would look: without empty columns, and with six digits.
    var shownData: ReportTable {
        let (data, rows) = (data, data.rows.prefix(Self.mostRowsShown))
        let filled = data.columns.indices.filter { column in rows.contains { !$0[column].isEmpty } }
        return ReportTable(
            "Data: \(title)",
            columns: filled.map {
                ReportTable.Column(title: data.columns[$0].name, isNumeric: data.columns[$0].isNumeric)
            },
            rows: rows.map { row in
                filled.map { ReportText(data.columns[$0].isNumeric ? shown(cell: row[$0]) : row[$0]) }
            })
    }

    /// Rows of the data that `shownData` leaves out.
    var rowsNotShown: Int { max(0, data.rows.count - Self.mostRowsShown) }
}

extension Provenance {
    /// How something was made, as HTML.
    var markup: Markup {
        let rows: [Markup] = rows.map { "<dt>\($0.name)</dt><dd>\($0.value.markup)</dd>\n" }
        return """
            <dl>
            \(rows)</dl>
            \(HTMLPage.fold("Configuration", HTMLPage.code(configuration)))
            """
    }
}

/// A number of a table with the digits that a person reads; what is none stays as it is.
private func shown(cell: String) -> String {
    guard let number = Double(cell), number.isFinite, Int(cell) == nil else { return cell }
    return String(format: "%.6g", number)
}

/// A file inside of a link.
private func dataAddress(_ text: String, type: String) -> String {
    "data:\(type);charset=utf-8;base64,\(Data(text.utf8).base64EncodedString())"
}
