extension BarPlot {
    /// Bars stacked in the order of the parts.
    var vegaLite: JSONValue {
        let values = rows.flatMap { row in
            zip(parts.indices, row.values).map { part, value -> JSONValue in
                [
                    "row": .text(row.label), "part": .text(parts[part]), "order": .number(Double(part)),
                    "value": .number(value),
                ]
            }
        }
        return [
            "height": ["step": 40], "data": ["values": .array(values)],
            "mark": ["type": "bar", "tooltip": ["content": "data"]],
            "encoding": [
                "y": [
                    "field": "row", "type": "nominal", "title": nil, "sort": .array(rows.map { .text($0.label) }),
                    "axis": ["labelLimit": 400],
                ],
                "x": [
                    "field": "value", "type": "quantitative", "title": .text(x.label), "stack": "zero",
                ],
                "color": [
                    "field": "part", "type": "nominal", "title": nil,
                    "scale": FigurePalette.vegaLiteScale(parts),
                ],
                "order": ["field": "order", "type": "quantitative"],
            ],
        ]
    }
}
