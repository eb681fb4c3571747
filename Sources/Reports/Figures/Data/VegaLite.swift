extension Figure {
    /// The figure as a specification of Vega-Lite 5 with its data inside, for those who restyle it: JSON in one line, its keys
    /// sorted. nil: what teaches shows no data.
    public var vegaLite: String? {
        let view: JSONValue
        switch content {
        case .lines(let plot): view = plot.vegaLite
        case .intervals(let plot): view = plot.vegaLite
        case .bars(let plot): view = plot.vegaLite
        case .cubes: return nil
        }
        let specification = view.merged(with: [
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json", "title": .text(title),
            "description": .text(description), "width": 600,
        ])
        return specification.description
    }
}

extension Axis {
    /// The encoding of a field along this axis.
    func vegaLite(_ field: String, alsoNegative: Bool = false) -> JSONValue {
        var axis: [String: JSONValue] = [:]
        if !ticks.isEmpty {
            axis["values"] = .array(ticks.map { .number($0.value) })
            if let labels = tickLabels { axis["labelExpr"] = .string(labels) }
        }
        var scale: [String: JSONValue] = ["zero": false, "nice": false]
        if isLogarithmic, !alsoNegative { scale["type"] = "log" }
        return [
            "field": .string(field), "type": "quantitative", "title": .text(label),
            "scale": .object(scale),
            "axis": .object(axis),
        ]
    }

    /// A Vega expression that gives the label of each tick; nil if the numbers say the same.
    private var tickLabels: String? {
        guard ticks.contains(where: { Double($0.label) != $0.value }) else { return nil }
        let cases = ticks.map { "datum.value == \($0.value) ? \(Self.vegaString($0.label)) : " }
        return cases.joined() + "datum.label"
    }

    private static func vegaString(_ text: String) -> String {
        var quoted = ""
        for scalar in text.inOneLine.unicodeScalars {
            switch scalar {
            case "'", "\\": quoted += "\\" + String(scalar)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return "'\(quoted)'"
    }
}

extension FigurePalette {
    /// The scale that gives names the colours of the figure, in order.
    static func vegaLiteScale(_ names: [String]) -> JSONValue {
        [
            "domain": .array(names.map(JSONValue.text)),
            "range": .array(names.indices.map { .string(series($0).light) }),
        ]
    }
}
