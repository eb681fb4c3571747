/// Paired differences in rows: each with its name and figures above it, since names are long and screens narrow.
extension IntervalPlot {
    private static let width = 600.0
    private static let side = 14.0
    private static let rowHeight = 62.0
    private static let below = 62.0

    /// What gnuplot is told.
    var script: GnuplotScript {
        let plotHeight = max(1, Double(rows.count)) * Self.rowHeight
        let legend = LegendLayout(
            legend.map(\.text), side: Self.side, width: Self.width, fontSize: GnuplotScript.fontSize)
        let top = 6 + legend.height
        var script = GnuplotScript(width: Self.width, height: top + plotHeight + Self.below)
        let values = rows.flatMap { row in
            [row.mean] + row.marks.map(\.x)
                + [row.interval?.lowerBound, row.interval?.upperBound].compactMap(\.self)
                + (row.margin.map { [-$0, $0] } ?? [])
        }
        let axis = Axis(x.label, ticks: x.ticks)
        // Both sides of 0, so that a difference has its direction.
        let range = AxisRange(of: values + [0], isLogarithmic: false, room: 0.04)
        let low = range.low == 0 ? -0.04 * range.high : range.low
        let around = AxisRange(of: [low, range.high], isLogarithmic: false, room: 0)

        script.frame(left: Self.side, right: Self.width - Self.side, top: top, bottom: top + plotHeight)
        script.command("set yrange [0:\(max(1, rows.count))]")
        script.command("unset ytics")
        script.axis("x", axis, around, length: Self.width - 2 * Self.side)
        script.label(x.label, at: "graph 0.5, screen \(14 / script.height)", .center)
        if rows.isEmpty {
            script.label("no values", at: "graph 0.5, graph 0.5", .center, colour: FigurePalette.faint)
        }
        for (entry, place) in zip(self.legend, legend.places) {
            draw(entry.sample, in: &script, at: place)
            script.legendText(entry.text, at: place)
        }
        draw(in: &script, around)
        return script
    }

    private enum Sample {
        case mean, pair, margin
    }

    /// What a reader finds in the rows.
    private var legend: [(sample: Sample, text: String)] {
        var legend: [(Sample, String)] = []
        if !rows.isEmpty { legend.append((.mean, rows.contains { $0.interval != nil } ? "mean, interval" : "mean")) }
        if rows.contains(where: { !$0.marks.isEmpty }) { legend.append((.pair, "each pair")) }
        if rows.contains(where: { $0.margin != nil }) { legend.append((.margin, "counts as no difference")) }
        return legend
    }

    private func draw(_ sample: Sample, in script: inout GnuplotScript, at place: (x: Double, y: Double)) {
        let side = LegendLayout.sample
        let middle = (x: place.x + side / 2, y: place.y + side / 2)
        switch sample {
        case .mean: script.point(13, x: middle.x, y: middle.y, size: 1, colour: FigurePalette.series[0])
        case .pair: script.point(7, x: middle.x, y: middle.y, size: 0.5, colour: FigurePalette.series[1])
        case .margin:
            script.rectangle(x: place.x, y: place.y, width: side, height: side, colour: FigurePalette.grid)
        }
    }

    /// The height of a part of a row, in pixels from the row's top, on an axis where each row takes 1.
    private func height(_ row: Int, _ pixels: Double) -> Double {
        Double(rows.count - row) - pixels / Self.rowHeight
    }

    private func draw(in script: inout GnuplotScript, _ range: AxisRange) {
        let strips = rows.indices.compactMap { index -> [Double]? in
            guard let margin = rows[index].margin, margin > 0, margin.isFinite else { return nil }
            return [0, 0, range.clamped(-margin), range.clamped(margin), height(index, 57), height(index, 25)]
        }
        script.plot(strips, "boxxyerror fillstyle solid 1 noborder", colour: FigurePalette.grid)
        let zeros = rows.indices.flatMap { [[0, height($0, 59)], [0, height($0, 23)], []] }
        script.plot(zeros, "lines linewidth 1", colour: FigurePalette.faint)

        for (index, row) in rows.enumerated() {
            let numbers = Self.numbers(of: row)
            let room = Self.width - 2 * Self.side - TextWidth.estimate(numbers, size: GnuplotScript.fontSize) - 16
            let place = "first \(height(index, 13))"
            script.label(row.label, at: "graph 0, \(place)", width: room)
            script.label(numbers, at: "graph 1, \(place)", .right)
        }
        drawMarks(in: &script, range)
        drawMeans(in: &script, range)
    }

    private func drawMarks(in script: inout GnuplotScript, _ range: AxisRange) {
        var places: [[Double]] = []
        var tooltips: [String] = []
        for (index, row) in rows.enumerated() {
            for mark in row.marks where range.contains(mark.x) {
                places.append([mark.x, height(index, 49)])
                tooltips.append("\(row.label)\n\(mark.label): \(FigureNumber.short(mark.x))")
            }
        }
        script.plot(
            places, "points pointtype 7 pointsize 0.5", colour: FigurePalette.series[1],
            GnuplotScript.Layer(tooltips: tooltips, opacity: 0.55))
    }

    private func drawMeans(in script: inout GnuplotScript, _ range: AxisRange) {
        let colour = FigurePalette.series[0]
        let lines = rows.enumerated().flatMap { index, row -> [[Double]] in
            guard let interval = row.interval else { return [] }
            let (low, high) = (range.clamped(interval.lowerBound), range.clamped(interval.upperBound))
            let (foot, middle, head) = (height(index, 40), height(index, 35), height(index, 30))
            // From end to end, with a stroke across each.
            return [
                [low, foot], [low, head], [], [low, middle], [high, middle], [], [high, foot], [high, head], [],
            ]
        }
        script.plot(lines, "lines linewidth 2", colour: colour)
        let means = rows.indices.filter { range.contains(rows[$0].mean) }
        let tooltips = means.map { "\(rows[$0].label)\n\(x.label): \(Self.numbers(of: rows[$0]))" }
        script.plot(
            means.map { [rows[$0].mean, height($0, 35)] }, "points pointtype 13 pointsize 1", colour: colour,
            GnuplotScript.Layer(tooltips: tooltips))
    }

    /// `2.41 [1.65, 3.17]`.
    private static func numbers(of row: Row) -> String {
        guard let interval = row.interval else { return FigureNumber.short(row.mean, digits: 3) }
        let (low, high) = (interval.lowerBound, interval.upperBound)
        let numbers = FigureNumber.short([row.mean, low, high], uncertainty: (high - low) / 2)
        return "\(numbers[0]) [\(numbers[1]), \(numbers[2])]"
    }
}
