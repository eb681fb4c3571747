/// A picture as gnuplot writes it, made fit for a page: without what says nothing, with the page's colours and font, with
/// identifiers of its own, and with tooltips.
struct GnuplotPicture {
    /// Why gnuplot's picture can't be used.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The finished text.
    let svg: String

    /// - Throws: if the text is no SVG, or lacks a mark that the script asks for.
    init(_ text: String, script: GnuplotScript, figure: Figure) throws {
        let root = try SVGParser.root(of: text)
        let frame = FigureFrame(figure)
        var restyling = GnuplotRestyling(script: script, frame: frame)
        let content = try root.elements.flatMap { try restyling.restyled($0) }
        guard restyling.layers == script.layers.count else {
            throw Failure(description: "it drew \(restyling.layers) of \(script.layers.count) layers")
        }
        let symbols = GnuplotSymbols(in: root, frame: frame).definitions(for: content)
        svg = frame.svg(symbols + content, width: script.width, height: script.height)
    }
}
