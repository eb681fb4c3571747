/// Lines with bands and points, named at their ends.
extension LinePlot {
    /// What gnuplot is told.
    var script: GnuplotScript { LineScript(self).script }
}

private struct LineScript {
    private static let width = 600.0
    private static let top = 38.0
    private static let below = 64.0
    private static let lineHeight = 20.0
    /// Filled shapes of gnuplot's: circle, square, triangle, diamond, triangle upside down, pentagon; open ones stand one lower.
    private static let shapes = [7, 5, 9, 13, 11, 15]
    /// Up to so many points of a line have a shape each.
    private static let mostShapes = 40

    private let plot: LinePlot
    private let x: AxisRange
    private let y: AxisRange
    private(set) var script: GnuplotScript
    private let plotHeight: Double
    private let right: Double
    /// Where each series ends; nil: it has no values.
    private let ends: [Place?]
    private let names: [String]

    init(_ plot: LinePlot) {
        self.plot = plot
        (x, y) = Self.ranges(of: plot)
        plotHeight = max(300, Double(plot.series.count) * Self.lineHeight)
        ends = plot.series.map { [x, y] in Self.end(of: $0, x, y) }
        names = zip(plot.series, ends).map { $0.name + ($1 == nil ? " (no values)" : "") }
        let widest = names.map { TextWidth.estimate($0, size: GnuplotScript.fontSize) }.max() ?? 0
        right = Self.width - 28 - min(widest, 0.3 * Self.width)
        script = GnuplotScript(width: Self.width, height: Self.top + plotHeight + Self.below)

        drawAxes()
        for index in plot.series.indices { drawBand(index) }
        for index in plot.series.indices { drawMarks(index) }
        for index in plot.series.indices { drawLine(index) }
        nameLines()
    }

    /// What both axes show: of a place that has none on one of them, the other one shows nothing either.
    private static func ranges(of plot: LinePlot) -> (x: AxisRange, y: AxisRange) {
        func canDraw(_ x: Double, _ y: Double) -> Bool {
            AxisRange.canDraw(x, isLogarithmic: plot.x.isLogarithmic)
                && AxisRange.canDraw(y, isLogarithmic: plot.y.isLogarithmic)
        }
        let points = plot.series.flatMap(\.points).filter { canDraw($0.x, $0.y) }
        let marks = plot.series.flatMap(\.marks).filter { canDraw($0.x, $0.y) }
        let bands = points.compactMap(\.band).flatMap { [$0.lowerBound, $0.upperBound] }
        return (
            AxisRange(of: points.map(\.x) + marks.map(\.x), isLogarithmic: plot.x.isLogarithmic, room: 0.03),
            AxisRange(of: points.map(\.y) + marks.map(\.y) + bands, isLogarithmic: plot.y.isLogarithmic, room: 0.05)
        )
    }

    private typealias Place = (x: Double, y: Double)

    private static func end(of series: LinePlot.Series, _ x: AxisRange, _ y: AxisRange) -> Place? {
        if let point = series.points.last(where: { x.contains($0.x) && y.contains($0.y) }) {
            return (point.x, point.y)
        }
        let marks = series.marks.filter { x.contains($0.x) && y.contains($0.y) }
        return marks.max { $0.x < $1.x }.map { ($0.x, $0.y) }
    }

    private mutating func drawAxes() {
        script.frame(left: nil, right: right, top: Self.top, bottom: Self.top + plotHeight)
        script.command("set grid ytics linetype 1 linewidth 1 linecolor \(GnuplotScript.rgb(FigurePalette.grid))")
        script.command("set ytics scale 0")
        // The numbers on the left take about a tenth.
        let left = Self.width / 10
        script.axis("x", plot.x, x, length: right - left)
        script.axis("y", plot.y, y, length: plotHeight)
        script.label(plot.y.label, at: script.place(4, 18))
        script.label(
            plot.x.label, at: "graph 0.5, \(screenHeight(Self.top + plotHeight + 50))", .center,
            width: right + left - 20)
        if ends.allSatisfy({ $0 == nil }) {
            script.label("no values", at: "graph 0.5, graph 0.5", .center, colour: FigurePalette.faint)
        }
    }

    private func screenHeight(_ pixels: Double) -> String { "screen \(1 - pixels / script.height)" }

    private func drawn(_ points: [LinePlot.Point]) -> [LinePlot.Point] {
        points.filter { x.contains($0.x) && y.contains($0.y) }
    }

    private func drawn(_ marks: [LinePlot.Mark]) -> [LinePlot.Mark] {
        marks.filter { x.contains($0.x) && y.contains($0.y) }
    }

    /// Runs of points that have a band; a point without neighbours gets a bar instead.
    private mutating func drawBand(_ index: Int) {
        let colour = FigurePalette.series(index)
        var areas: [[Double]] = []
        var bars: [[Double]] = []
        for run in plot.series[index].points.split(whereSeparator: { band(of: $0) == nil }) {
            let rows = run.compactMap { point in band(of: point).map { [point.x, $0.lowerBound, $0.upperBound] } }
            if rows.count > 1 {
                areas += rows + [[]]
            } else {
                bars += rows.flatMap { [[$0[0], $0[1]], [$0[0], $0[2]], []] }
            }
        }
        script.plot(areas, "filledcurves fillstyle transparent solid 0.18 noborder", colour: colour)
        script.plot(bars, "lines linewidth 1.5", colour: colour)
    }

    private func band(of point: LinePlot.Point) -> ClosedRange<Double>? {
        guard let band = point.band, x.contains(point.x), y.contains(point.y),
            band.lowerBound.isFinite, band.upperBound.isFinite
        else { return nil }
        return y.clamped(band.lowerBound)...y.clamped(band.upperBound)
    }

    private mutating func drawMarks(_ index: Int) {
        let series = plot.series[index]
        let marks = drawn(series.marks)
        let tooltips = marks.map { mark in
            tooltip([series.name, mark.label].filter { !$0.isEmpty }.joined(separator: ", "), mark.x, mark.y)
        }
        script.plot(
            marks.map { [$0.x, $0.y] }, "points pointtype 7 pointsize 0.4", colour: FigurePalette.series(index),
            GnuplotScript.Layer(tooltips: tooltips, opacity: 0.45))
    }

    private mutating func drawLine(_ index: Int) {
        let series = plot.series[index]
        let colour = FigurePalette.series(index)
        let cycle = index / FigurePalette.series.count
        // A value that can't be drawn leaves a gap.
        let rows = series.points.map { x.contains($0.x) && y.contains($0.y) ? [$0.x, $0.y] : [] }
        script.plot(rows, "lines linewidth 2 dashtype \(1 + cycle)", colour: colour)

        let points = drawn(series.points)
        let step = points.count > Self.mostShapes ? points.count / (Self.mostShapes / 4) : 1
        let shaped = points.indices.filter { $0 % step == 0 }.map { points[$0] }
        let shape = Self.shapes[index % Self.shapes.count] - cycle % 2
        let tooltips = shaped.map { tooltip(series.name, $0.x, $0.y, band: $0.band) }
        script.plot(
            shaped.map { [$0.x, $0.y] }, "points pointtype \(shape) pointsize 0.75 linewidth 1", colour: colour,
            GnuplotScript.Layer(tooltips: tooltips))
    }

    private func tooltip(_ name: String, _ x: Double, _ y: Double, band: ClosedRange<Double>? = nil) -> String {
        let interval = band.map {
            " (\(FigureNumber.short($0.lowerBound)) to \(FigureNumber.short($0.upperBound)))"
        }
        return """
            \(name)
            \(plot.x.label): \(plot.x.text(of: x))
            \(plot.y.label): \(FigureNumber.short(y))\(interval ?? "")
            """
    }

    /// Names beside the ends of the lines, moved apart, with a thin line to each end that is elsewhere.
    private mutating func nameLines() {
        // A series without values is named all the same, at the foot.
        let heights = LabelPlacement.heights(
            ends.map { $0.map { plotHeight * y.fraction(of: $0.y) } ?? 0 }, spacing: Self.lineHeight,
            in: 0...plotHeight)
        for (index, height) in heights.enumerated() {
            let colour = FigurePalette.series(index)
            let place = height / plotHeight
            script.label(
                names[index], at: "\(screenX(right + 20)), graph \(place)", colour: colour,
                width: Self.width - right - 24)
            guard let end = ends[index] else { continue }
            let start = (x: x.fraction(of: end.x), y: y.fraction(of: end.y))
            script.line(
                from: "graph \(start.x), graph \(start.y)", to: "\(screenX(right + 17)), graph \(place)",
                colour: colour, width: 0.6)
        }
    }

    private func screenX(_ pixels: Double) -> String { "screen \(pixels / Self.width)" }
}

extension Axis {
    /// What stands at a value: the label of a tick, or the number.
    func text(of value: Double) -> String {
        ticks.first { $0.value == value }?.label ?? FigureNumber.short(value)
    }
}
