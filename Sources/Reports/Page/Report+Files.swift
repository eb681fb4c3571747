extension Report {
    /// The report as one HTML file: it opens from a disk, fetches nothing, and holds the data of its figures.
    ///
    /// - Parameter drawing: draws the figures; where it can't, a sentence stands in their place.
    public func html(_ drawing: any FigureDrawing) -> String {
        HTMLPage(report: self, drawings: Drawings(of: figures, by: drawing)).html
    }

    /// The report in Markdown: the same words and tables, and the figures' data in place of their drawings.
    public var markdown: String { MarkdownPage(report: self).markdown }
}
