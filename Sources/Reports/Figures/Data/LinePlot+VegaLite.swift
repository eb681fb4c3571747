extension LinePlot {
    /// Bands under single marks under lines.
    var vegaLite: JSONValue {
        let names = series.map(\.name)
        let points = series.flatMap { series in
            series.points.map { point -> JSONValue in
                [
                    "series": .text(series.name), "x": .number(point.x), "y": .number(point.y),
                    "from": point.band.map { .number($0.lowerBound) } ?? .null,
                    "to": point.band.map { .number($0.upperBound) } ?? .null,
                ]
            }
        }
        let marks = series.flatMap { series in
            series.marks.map { mark -> JSONValue in
                [
                    "series": .text(series.name), "x": .number(mark.x), "y": .number(mark.y),
                    "mark": .text(mark.label),
                ]
            }
        }
        let colour: JSONValue = [
            "field": "series", "type": "nominal", "title": nil,
            "scale": FigurePalette.vegaLiteScale(names),
            "legend": ["symbolOpacity": 1],
        ]
        let shape: JSONValue = [
            "field": "series", "type": "nominal", "title": nil, "scale": ["domain": .array(names.map(JSONValue.text))],
        ]
        let yAxis = y.vegaLite("y")
        let band: JSONValue = [
            "transform": [["filter": "isValid(datum.from) && isValid(datum.to)"]],
            "mark": ["type": "area", "opacity": 0.18],
            "encoding": ["y": yAxis.merged(with: ["field": "from"]), "y2": ["field": "to"]],
        ]
        let single: JSONValue = [
            "data": ["values": .array(marks)],
            "mark": ["type": "circle", "opacity": 0.45, "tooltip": ["content": "data"]],
            "encoding": ["y": yAxis],
        ]
        let line: JSONValue = [
            "mark": ["type": "line", "point": true, "tooltip": ["content": "data"]],
            "encoding": ["y": yAxis, "shape": shape],
        ]
        return [
            "height": 300, "data": ["values": .array(points)],
            "encoding": ["x": x.vegaLite("x"), "color": colour], "layer": [band, single, line],
        ]
    }
}
