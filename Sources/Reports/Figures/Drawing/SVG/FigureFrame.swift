/// The outermost element of every figure: its size, its names for readers who can't see it, its font.
struct FigureFrame {
    private let figure: Figure

    init(_ figure: Figure) { self.figure = figure }

    /// An identifier of a part, unique in a page as the figure's name is.
    func identifier(_ part: String) -> String {
        let name = figure.name.unicodeScalars.map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                ? String(scalar) : "-"
        }
        return "figure-\(name.joined())-\(part)"
    }

    /// The picture as text, on a canvas of a size in pixels, which the page scales.
    func svg(_ content: [SVGElement], width: Double, height: Double) -> String {
        let names = [("title", figure.title), ("desc", figure.description)].map { name, text in
            SVGElement(name, ["id": identifier(name)], text: text)
        }
        let size = "\(Int(width)) \(Int(height))"
        return SVGElement(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "class": "figure-drawing", "viewBox": "0 0 \(size)",
                "role": "img", "aria-labelledby": "\(identifier("title")) \(identifier("desc"))",
                "font-family": "sans-serif", "font-size": "\(Int(GnuplotScript.fontSize))", "fill": "none",
                "stroke-linejoin": "round",
            ],
            (names + content).map(SVGElement.Node.element)
        ).description
    }
}
