/// What turns figures into pictures.
public protocol FigureDrawing: Sendable {
    /// The SVG of a figure: one `svg` element that stands in an HTML page as it is, or in a file of its own.
    ///
    /// The same figure gives the same bytes. Its colours are the variables of ``FigurePalette``, with those of a light page
    /// where nobody defines them.
    /// - Throws: ``DrawingError``.
    func svg(of figure: Figure) throws -> String
}

/// Why a figure has no picture; its data is there all the same.
public enum DrawingError: Error, Equatable, CustomStringConvertible {
    /// The program that draws can't be started.
    case gnuplotMissing
    /// It started, and gave no picture.
    case gnuplotFailed(figure: String, reason: String)

    /// One sentence: what is wrong and what to do.
    public var description: String {
        switch self {
        case .gnuplotMissing:
            "gnuplot, which draws the figures, is not installed: install Debian's package gnuplot-nox."
        case .gnuplotFailed(let figure, let reason):
            "gnuplot could not draw the figure \(figure): \(reason)."
        }
    }
}
