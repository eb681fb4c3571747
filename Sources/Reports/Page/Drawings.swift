/// The figures of a report, drawn as far as that is possible.
struct Drawings {
    /// SVG by the figure's name.
    private(set) var pictures: [String: String] = [:]
    /// Why a figure could not be drawn, a sentence each, by its name.
    private(set) var failures: [String: String] = [:]
    /// What to say once where the program that draws is missing.
    private(set) var notice: String?

    /// Draws the figures; one that can't be drawn is no reason to lose the others, or their data.
    init(of figures: [Figure], by drawing: any FigureDrawing) {
        for figure in figures {
            do {
                pictures[figure.name] = try drawing.svg(of: figure)
            } catch let error as DrawingError where error == .gnuplotMissing {
                notice = "\(error) Until then the report has the data of its figures, and no drawings."
            } catch {
                failures[figure.name] = "\(error)"
            }
        }
    }
}
