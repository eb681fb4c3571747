/// A table of a report.
public struct ReportTable: Equatable, Sendable {
    /// What it shows, without a full stop.
    public var caption: String
    /// From left to right; the first names what a row is about.
    public var columns: [Column]
    /// As many cells each as there are columns.
    public var rows: [[ReportText]]

    /// A column.
    public struct Column: Equatable, Sendable {
        /// What stands above it.
        public var title: String
        /// Whether it holds figures, which stand to the right.
        public var isNumeric: Bool

        /// A column of names.
        public static func name(_ title: String) -> Column { Column(title: title, isNumeric: false) }

        /// A column of figures.
        public static func number(_ title: String) -> Column { Column(title: title, isNumeric: true) }
    }

    /// A table.
    ///
    /// - Parameter rows: as many cells each as there are columns.
    public init(_ caption: String, columns: [Column], rows: [[ReportText]]) {
        precondition(
            rows.allSatisfy { $0.count == columns.count }, "a row of '\(caption)' has not \(columns.count) cells")
        self.caption = caption
        self.columns = columns
        self.rows = rows
    }
}
