/// Rows under a header, names to the left and figures to the right.
public struct TextTable: CustomStringConvertible {
    let header: [String]
    let rows: [[String]]
    /// How many columns, the first ones, hold names.
    let names: Int

    /// - Parameter names: how many columns, the first ones, hold names.
    public init(header: [String], rows: [[String]], names: Int) {
        self.header = header
        self.rows = rows
        self.names = names
    }

    /// The lines; columns are two blanks apart.
    public var description: String {
        let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
        let rule = widths.map { String(repeating: "-", count: $0) }
        return ([header, rule] + rows).map { line($0, widths) }.joined(separator: "\n")
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = cells.indices.map { column in
            let padding = String(repeating: " ", count: widths[column] - cells[column].count)
            return column < names ? cells[column] + padding : padding + cells[column]
        }
        return String(padded.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }
}
