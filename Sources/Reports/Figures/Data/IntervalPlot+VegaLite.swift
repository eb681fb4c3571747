extension IntervalPlot {
    /// Margins under 0 under pairs under intervals under means.
    var vegaLite: JSONValue {
        let differences = rows.map { row -> JSONValue in
            [
                "contrast": .text(row.label), "mean": .number(row.mean),
                "from": row.interval.map { .number($0.lowerBound) } ?? .null,
                "to": row.interval.map { .number($0.upperBound) } ?? .null,
                "margin": row.margin.map(JSONValue.number) ?? .null,
                "negativeMargin": row.margin.map { .number(-$0) } ?? .null,
            ]
        }
        let pairs = rows.flatMap { row in
            row.marks.map { mark -> JSONValue in
                [
                    "contrast": .text(row.label), "difference": .number(mark.x),
                    "pair": .text(mark.label),
                ]
            }
        }
        let contrast: JSONValue = [
            "field": "contrast", "type": "nominal", "title": nil, "sort": .array(rows.map { .text($0.label) }),
            "axis": ["labelLimit": 400],
        ]
        func x(_ field: String) -> JSONValue { self.x.vegaLite(field, alsoNegative: true) }
        let margin: JSONValue = [
            "transform": [["filter": "isValid(datum.margin)"]],
            "mark": ["type": "bar", "color": .string(FigurePalette.grid.light)],
            "encoding": ["y": contrast, "x": x("negativeMargin"), "x2": ["field": "margin"]],
        ]
        let zero: JSONValue = [
            "data": ["values": [["zero": 0]]],
            "mark": ["type": "rule", "color": .string(FigurePalette.faint.light)],
            "encoding": ["x": x("zero")],
        ]
        let pair: JSONValue = [
            "data": ["values": .array(pairs)],
            "mark": [
                "type": "circle", "opacity": 0.55, "color": .string(FigurePalette.series[1].light),
                "tooltip": ["content": "data"],
            ],
            "encoding": ["y": contrast, "x": x("difference")],
        ]
        let interval: JSONValue = [
            "transform": [["filter": "isValid(datum.from) && isValid(datum.to)"]],
            "mark": ["type": "rule", "strokeWidth": 2, "color": .string(FigurePalette.series[0].light)],
            "encoding": ["y": contrast, "x": x("from"), "x2": ["field": "to"]],
        ]
        let mean: JSONValue = [
            "mark": [
                "type": "point", "shape": "diamond", "filled": true, "size": 100,
                "color": .string(FigurePalette.series[0].light), "tooltip": ["content": "data"],
            ],
            "encoding": ["y": contrast, "x": x("mean")],
        ]
        return [
            "height": ["step": 40], "data": ["values": .array(differences)],
            "layer": [margin, zero, pair, interval, mean],
        ]
    }
}
