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
        var pass = RestylingPass(script: script, frame: frame)
        let content = try root.elements.flatMap { try pass.restyled($0) }
        guard pass.layers == script.layers.count else {
            throw Failure(description: "it drew \(pass.layers) of \(script.layers.count) layers")
        }
        let symbols = GnuplotSymbols(in: root, frame: frame).definitions(for: content)
        svg = frame.svg(symbols + content, width: script.width, height: script.height)
    }
}

/// One walk over gnuplot's elements.
private struct RestylingPass {
    let script: GnuplotScript
    let frame: FigureFrame
    /// How many layers of the plot were met.
    private(set) var layers = 0

    init(script: GnuplotScript, frame: FigureFrame) {
        self.script = script
        self.frame = frame
    }

    /// What stands for an element: often nothing, or what it holds.
    mutating func restyled(_ element: SVGElement) throws -> [SVGElement] {
        switch element.name {
        case "g": return try group(element)
        case "path", "polygon", "rect", "use": return [mark(element)]
        default: return []
        }
    }

    private mutating func group(_ group: SVGElement) throws -> [SVGElement] {
        if group["font-size"] != nil {
            return group.elements.filter { $0.name == "text" }.map { text($0, in: group) }
        }
        var content = try group.elements.flatMap { try restyled($0) }
        if group["id"]?.hasPrefix("gnuplot_plot_") == true { content = try layer(content) }
        guard !content.isEmpty, let width = group["stroke-width"].flatMap(Double.init), width != 1
        else {
            return content
        }
        return [
            SVGElement(
                "g", ["stroke-width": FigureNumber.exact(width)], content.map(SVGElement.Node.element))
        ]
    }

    /// The content of the next layer, with its tooltips.
    private mutating func layer(_ content: [SVGElement]) throws -> [SVGElement] {
        // An empty plot has a layer all the same.
        guard layers < script.layers.count else { return content }
        let layer = script.layers[layers]
        layers += 1
        var content = content
        if !layer.tooltips.isEmpty {
            var tooltips = layer.tooltips[...]
            content = content.map { Self.adding(&tooltips, to: $0) }
            let drawn = layer.tooltips.count - tooltips.count
            let marks = content.reduce(0) { $0 + Self.marks(in: $1) }
            guard tooltips.isEmpty, marks == layer.tooltips.count else {
                throw GnuplotPicture.Failure(
                    description: "it drew \(max(drawn, marks)) marks of \(layer.tooltips.count)")
            }
        }
        guard let opacity = layer.opacity else { return content }
        let attributes: KeyValuePairs = ["fill-opacity": FigureNumber.exact(opacity)]
        return [SVGElement("g", attributes, content.map(SVGElement.Node.element))]
    }

    private static func isMark(_ element: SVGElement) -> Bool {
        element.name == "use" || element.name == "polygon"
    }

    private static func marks(in element: SVGElement) -> Int {
        element.elements.reduce(isMark(element) ? 1 : 0) { $0 + marks(in: $1) }
    }

    private static func adding(_ tooltips: inout ArraySlice<String>, to element: SVGElement)
        -> SVGElement
    {
        var element = element
        if isMark(element) {
            if let tooltip = tooltips.popFirst() {
                element.children = [.element(SVGElement("title", text: tooltip))]
            }
        } else {
            element.children = element.elements.map { .element(adding(&tooltips, to: $0)) }
        }
        return element
    }

    private func mark(_ element: SVGElement) -> SVGElement {
        var mark = SVGElement(element.name)
        for attribute in element.attributes {
            switch attribute.name {
            case "xlink:href", "href":
                mark["href"] = "#" + frame.identifier(String(attribute.value.dropFirst()))
            case "fill", "stroke", "color": mark[attribute.name] = Self.colour(attribute.value)
            case "class": break
            default: mark[attribute.name] = attribute.value
            }
        }
        if element.name == "path", mark["stroke"] == nil {
            mark["stroke"] = FigurePalette.text.reference
        }
        return mark
    }

    /// gnuplot sets each text in a group of its own.
    private func text(_ element: SVGElement, in group: SVGElement) -> SVGElement {
        var content = ""
        for case .text(let part) in element.children { content += part }
        content = String(content.drop { $0 == " " })
        var text = SVGElement("text", text: content)
        text["transform"] = group["transform"]
        if group["text-anchor"] != "start" { text["text-anchor"] = group["text-anchor"] }
        text["fill"] = Self.colour(group["fill"] ?? "black")
        if let whole = script.wholeTexts[content] {
            text.children.append(.element(SVGElement("title", text: whole)))
        }
        return text
    }

    /// The colour of the page that gnuplot's `rgb(  1,  2,  3)` stands for.
    private static func colour(_ value: String) -> String {
        if value == "black" || value == "currentColor" { return FigurePalette.text.reference }
        let numbers = value.split { !$0.isNumber }.compactMap { UInt8($0) }
        guard value.hasPrefix("rgb"), numbers.count == 3 else { return value }
        let digits = numbers.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        let hexadecimal = "#" + digits.joined()
        return FigurePalette.all.first { $0.light == hexadecimal }?.reference ?? hexadecimal
    }
}

/// The shapes of points, which gnuplot defines once under names that are the same in every picture.
private struct GnuplotSymbols {
    private var definitions: [String: SVGElement] = [:]

    init(in root: SVGElement, frame: FigureFrame) {
        for symbol in Self.definitions(in: root) {
            guard let name = symbol["id"] else { continue }
            var symbol = symbol
            symbol["id"] = frame.identifier(name)
            if let target = symbol["xlink:href"] {
                symbol["xlink:href"] = nil
                symbol["href"] = "#" + frame.identifier(String(target.dropFirst()))
            }
            definitions[frame.identifier(name)] = symbol
        }
    }

    private static func definitions(in element: SVGElement) -> [SVGElement] {
        element.elements.flatMap { $0.name == "defs" ? $0.elements : definitions(in: $0) }
    }

    /// Those that elements use, and those that these use.
    func definitions(for content: [SVGElement]) -> [SVGElement] {
        var needed = Set<String>()
        for element in content { collect(from: element, into: &needed) }
        guard !needed.isEmpty else { return [] }
        return [
            SVGElement(
                "defs", [:], needed.sorted().compactMap { definitions[$0] }.map(SVGElement.Node.element))
        ]
    }

    private func collect(from element: SVGElement, into needed: inout Set<String>) {
        if let name = element["href"].map({ String($0.dropFirst()) }), needed.insert(name).inserted,
            let definition = definitions[name]
        {
            collect(from: definition, into: &needed)
        }
        for child in element.elements { collect(from: child, into: &needed) }
    }
}
