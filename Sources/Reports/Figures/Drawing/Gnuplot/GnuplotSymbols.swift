/// The shapes of points, which gnuplot defines once under names that are the same in every picture.
struct GnuplotSymbols {
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
