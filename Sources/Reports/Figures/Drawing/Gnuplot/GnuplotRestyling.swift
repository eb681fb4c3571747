/// One walk over gnuplot's elements, in the order in which they are drawn.
struct GnuplotRestyling {
    let script: GnuplotScript
    let frame: FigureFrame
    private var wholeTexts: [String: ArraySlice<String>]
    /// How many layers of the plot were met.
    private(set) var layers = 0

    init(script: GnuplotScript, frame: FigureFrame) {
        self.script = script
        self.frame = frame
        wholeTexts = script.wholeTexts.mapValues { $0[...] }
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
        if group["font-size"] != nil { return group.elements.filter { $0.name == "text" }.map { text($0, in: group) } }
        var content = try group.elements.flatMap { try restyled($0) }
        if group["id"]?.hasPrefix("gnuplot_plot_") == true { content = try layer(content) }
        guard !content.isEmpty, let width = group["stroke-width"].flatMap(Double.init), width != 1 else {
            return content
        }
        return [SVGElement("g", ["stroke-width": FigureNumber.exact(width)], content.map(SVGElement.Node.element))]
    }

    /// The content of the next layer, with its tooltips.
    private mutating func layer(_ content: [SVGElement]) throws -> [SVGElement] {
        // An empty plot has a layer all the same.
        guard layers < script.layers.count else { return content }
        let layer = script.layers[layers]
        layers += 1
        var content = content
        if !layer.tooltips.isEmpty {
            let marks = content.reduce(0) { $0 + Self.marks(in: $1) }
            guard marks == layer.tooltips.count else {
                throw GnuplotPicture.Failure(description: "it drew \(marks) marks of \(layer.tooltips.count)")
            }
            var tooltips = layer.tooltips[...]
            content = content.map { Self.adding(&tooltips, to: $0) }
        }
        return Self.grouped(content, opacity: layer.opacity)
    }

    /// In one group what all marks of a layer share: a report has thousands of marks.
    private static func grouped(_ content: [SVGElement], opacity: Double?) -> [SVGElement] {
        var group = SVGElement("g", [:], content.map(SVGElement.Node.element))
        group["fill-opacity"] = opacity.map { FigureNumber.exact($0) }
        let colours = Set(content.map { $0["color"] })
        if content.count > 1, colours.count == 1, let colour = colours.first ?? nil {
            group["color"] = colour
            group.children = content.map { mark in
                var mark = mark
                mark["color"] = nil
                return .element(mark)
            }
        }
        return group.attributes.isEmpty ? content : [group]
    }

    private static func isMark(_ element: SVGElement) -> Bool { element.name == "use" || element.name == "polygon" }

    private static func marks(in element: SVGElement) -> Int {
        element.elements.reduce(isMark(element) ? 1 : 0) { $0 + marks(in: $1) }
    }

    private static func adding(_ tooltips: inout ArraySlice<String>, to element: SVGElement) -> SVGElement {
        var element = element
        if isMark(element) {
            if let tooltip = tooltips.popFirst() { element.children = [.element(SVGElement("title", text: tooltip))] }
        } else {
            element.children = element.elements.map { .element(adding(&tooltips, to: $0)) }
        }
        return element
    }

    private func mark(_ element: SVGElement) -> SVGElement {
        var mark = SVGElement(element.name)
        for attribute in element.attributes {
            switch attribute.name {
            case "xlink:href", "href": mark["href"] = "#" + frame.identifier(String(attribute.value.dropFirst()))
            case "fill", "stroke", "color": mark[attribute.name] = Self.colour(attribute.value)
            case "d", "points", "transform": mark[attribute.name] = Self.rounded(attribute.value)
            case "class": break
            default: mark[attribute.name] = attribute.value
            }
        }
        if element.name == "path", mark["stroke"] == nil { mark["stroke"] = FigurePalette.text.reference }
        return mark
    }

    /// gnuplot sets each text in a group of its own.
    private mutating func text(_ element: SVGElement, in group: SVGElement) -> SVGElement {
        var content = ""
        for case .text(let part) in element.children { content += part }
        content = String(content.drop { $0 == " " })
        var text = SVGElement("text", text: content)
        text["transform"] = group["transform"].map(Self.rounded)
        if group["text-anchor"] != "start" { text["text-anchor"] = group["text-anchor"] }
        text["fill"] = Self.colour(group["fill"] ?? "black")
        if let whole = wholeTexts[content]?.popFirst() {
            text.children.append(.element(SVGElement("title", text: whole)))
        }
        return text
    }

    /// Numbers to a tenth of a pixel, and without blanks at the end.
    private static func rounded(_ geometry: String) -> String {
        var rounded = ""
        var rest = geometry[...]
        while !rest.isEmpty {
            rounded += rest.prefix { !$0.isNumber }
            rest = rest.drop { !$0.isNumber }
            let number = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest[number.endIndex...]
            guard let value = Double(number) else { continue }
            rounded += FigureNumber.exact((value * 10).rounded() / 10)
        }
        return String(rounded.reversed().drop { $0 == " " }.reversed())
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
