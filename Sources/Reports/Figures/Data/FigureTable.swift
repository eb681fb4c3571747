/// The values of a figure as a table, all of them: also those that its picture leaves out.
public struct FigureTable: Equatable, Sendable {
    /// A column.
    public struct Column: Equatable, Sendable {
        /// What it holds.
        public let name: String
        /// Whether that is a number in every cell that is not empty.
        public let isNumeric: Bool
    }

    /// From left to right.
    public let columns: [Column]
    /// Numbers with all their digits, text as it is; an empty cell where there is nothing.
    public let rows: [[String]]

    init(_ names: [String], _ rows: [[String]]) {
        columns = names.enumerated().map { index, name in
            let cells = rows.map { $0[index] }.filter { !$0.isEmpty }
            return Column(name: name, isNumeric: !cells.isEmpty && cells.allSatisfy { Double($0) != nil })
        }
        self.rows = rows
    }

    /// As a file of comma-separated values with a header (RFC 4180, but for line ends of one byte).
    public var csv: String {
        ([columns.map(\.name)] + rows).map { $0.map(Self.csvCell).joined(separator: ",") + "\n" }
            .joined()
    }

    private static func csvCell(_ text: String) -> String {
        // Blanks at the ends are kept by everybody only within quotes.
        let needsQuotes = text.unicodeScalars.contains { "\",\n\r".unicodeScalars.contains($0) }
        guard needsQuotes || text.hasPrefix(" ") || text.hasSuffix(" ") else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}

extension Figure {
    /// What the figure shows, as a table.
    public var data: FigureTable {
        switch content {
        case .lines(let plot): plot.data
        case .intervals(let plot): plot.data
        case .bars(let plot): plot.data
        case .cubes: CubesDrawing.data
        }
    }

    /// Its data as a file of comma-separated values.
    public var csv: String { data.csv }
}

extension LinePlot {
    /// A row for each point, then for each mark, of one series after the other.
    var data: FigureTable {
        let rows = series.flatMap { series in
            series.points.map { point in
                let band = [point.band?.lowerBound, point.band?.upperBound].map {
                    $0.map(FigureNumber.exact) ?? ""
                }
                return [series.name, "", x.cell(for: point.x), y.cell(for: point.y)] + band
            }
                + series.marks.map { mark in
                    [series.name, mark.label, x.cell(for: mark.x), y.cell(for: mark.y), "", ""]
                }
        }
        return FigureTable(["series", "mark", x.label, y.label, "from", "to"], rows)
    }
}

extension IntervalPlot {
    /// A row for each difference, each followed by those of its pairs.
    var data: FigureTable {
        let rows = rows.flatMap { row in
            let interval = [row.interval?.lowerBound, row.interval?.upperBound, row.margin]
            return [
                [row.label, "", x.cell(for: row.mean)] + interval.map { $0.map(FigureNumber.exact) ?? "" }
            ]
                + row.marks.map { [row.label, $0.label, x.cell(for: $0.x), "", "", ""] }
        }
        return FigureTable(["contrast", "pair", x.label, "from", "to", "margin"], rows)
    }
}

extension BarPlot {
    /// A row for each bar, a column for each part.
    var data: FigureTable {
        FigureTable(
            [x.label] + parts,
            rows.map { row in
                [row.label]
                    + parts.indices.map { $0 < row.values.count ? FigureNumber.exact(row.values[$0]) : "" }
            })
    }
}

extension CubesDrawing {
    /// A row for each norm.
    static var data: FigureTable {
        FigureTable(
            ["norm", "averages over", "one mean and variance for each"],
            [
                ["batch norm, per worker", "N of one worker, H, W", "worker and channel"],
                ["batch norm, synchronised", "N of all workers, H, W", "channel"],
                ["layer norm", "C, H, W", "image"],
                ["instance norm", "H, W", "image and channel"],
                ["group norm", "H, W and the channels of a group", "image and group"],
            ])
    }
}

extension Axis {
    /// A value in a table: the label of its tick where that is no number, as for a category; the number otherwise.
    func cell(for value: Double) -> String {
        let label = ticks.first { $0.value == value }?.label
        return label.flatMap { Double($0) == nil ? $0 : nil } ?? FigureNumber.exact(value)
    }
}
