/// Stacked bars, each with its name and sum above it; a part is known by its colour and by its number, where there are
/// several.
extension BarPlot {
    private static let width = 600.0
    private static let side = 14.0
    private static let rowHeight = 54.0
    private static let below = 62.0

    /// What gnuplot is told.
    var script: GnuplotScript {
        let texts = parts.count > 1 ? parts.indices.map { "\($0 + 1) \(parts[$0])" } : []
        let legend = LegendLayout(texts, side: Self.side, width: Self.width, fontSize: GnuplotScript.fontSize)
        let top = 8 + legend.height
        let plotHeight = max(1, Double(rows.count)) * Self.rowHeight
        var script = GnuplotScript(width: Self.width, height: top + plotHeight + Self.below)
        let range = AxisRange(of: rows.map(sum) + [0], isLogarithmic: false, room: 0.01)

        script.frame(left: Self.side, right: Self.width - Self.side, top: top, bottom: top + plotHeight)
        script.command("set yrange [0:\(max(1, rows.count))]")
        script.command("unset ytics")
        script.axis("x", Axis(x.label, ticks: x.ticks), range, length: Self.width - 2 * Self.side)
        script.label(x.label, at: "graph 0.5, screen \(14 / script.height)", .center)
        if rows.isEmpty {
            script.label("no values", at: "graph 0.5, graph 0.5", .center, colour: FigurePalette.faint)
        }
        for (part, place) in legend.places.enumerated() {
            let colour = FigurePalette.series(part)
            let side = LegendLayout.sample
            script.rectangle(x: place.x, y: place.y, width: side, height: side, colour: colour)
            script.legendText(texts[part], at: place)
        }
        for part in parts.indices { draw(part, in: &script, range) }
        nameRows(in: &script)
        return script
    }

    /// A value that has no length counts as none.
    private static func length(_ value: Double) -> Double {
        AxisRange.canDraw(value, isLogarithmic: false) ? max(0, value) : 0
    }

    private func sum(of row: Row) -> Double {
        row.values.prefix(parts.count).reduce(0) { $0 + Self.length($1) }
    }

    private func height(_ row: Int, _ pixels: Double) -> Double {
        Double(rows.count - row) - pixels / Self.rowHeight
    }

    private func draw(_ part: Int, in script: inout GnuplotScript, _ range: AxisRange) {
        var boxes: [[Double]] = []
        var tooltips: [String] = []
        let pixels = (Self.width - 2 * Self.side) / (range.high - range.low)
        for (index, row) in rows.enumerated() where part < row.values.count {
            let length = Self.length(row.values[part])
            guard length > 0 else { continue }
            let start = row.values[..<part].reduce(0) { $0 + Self.length($1) }
            boxes.append([0, 0, start, start + length, height(index, 48), height(index, 25)])
            tooltips.append("\(row.label)\n\(parts[part]): \(FigureNumber.short(row.values[part]))")
            if parts.count > 1, length * pixels > 22 {
                let place = "first \(start + length / 2), first \(height(index, 36.5))"
                script.label(String(part + 1), at: place, .center, colour: FigurePalette.page)
            }
        }
        // A line in the page's colour parts neighbours for those who see no hues.
        let page = GnuplotScript.rgb(FigurePalette.page)
        script.plot(
            boxes, "boxxyerror fillstyle solid 1 border linecolor \(page)", colour: FigurePalette.series(part),
            GnuplotScript.Layer(tooltips: tooltips))
    }

    private func nameRows(in script: inout GnuplotScript) {
        for (index, row) in rows.enumerated() {
            let sum = FigureNumber.short(sum(of: row), digits: 3)
            let place = "first \(height(index, 13))"
            let room = Self.width - 2 * Self.side - TextWidth.estimate(sum, size: GnuplotScript.fontSize) - 16
            script.label(row.label, at: "graph 0, \(place)", width: room)
            script.label(sum, at: "graph 1, \(place)", .right)
        }
    }
}
