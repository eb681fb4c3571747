@testable import Reports

/// Figures to draw and to describe.
enum Figures {
    static let lines = Figure(
        name: "batch-size", title: "Error against images per worker", description: "bn rises, syncbn does not.",
        content: .lines(
            LinePlot(
                x: Axis(
                    "images per worker", isLogarithmic: true,
                    ticks: [1.0, 2, 4].map { Axis.Tick($0, FigureNumber.exact($0)) }),
                y: Axis("test error, %"),
                series: [
                    LinePlot.Series(
                        "bn",
                        points: [
                            LinePlot.Point(x: 1, y: 54.7, band: 50.25...59.5), LinePlot.Point(x: 2, y: 22.6),
                            LinePlot.Point(x: 4, y: .nan),
                        ], marks: [LinePlot.Mark(x: 1, y: 54.5, label: "seed 1")]),
                    LinePlot.Series("syncbn, \"all\"", points: [LinePlot.Point(x: 1, y: 18, band: 17...19)]),
                ])))

    static let intervals = Figure(
        name: "contrasts", title: "Paired differences", description: "Two contrasts.",
        content: .intervals(
            IntervalPlot(
                x: Axis("difference, points"),
                rows: [
                    IntervalPlot.Row(
                        "bn − syncbn", mean: 2.5, interval: 1.75...3.25, margin: 1,
                        marks: [LinePlot.Mark(x: 2, y: 0, label: "seed 1"), LinePlot.Mark(x: 3, y: 0, label: "seed 2")]),
                    IntervalPlot.Row("gn − syncbn", mean: -1, interval: nil),
                ])))

    static let bars = Figure(
        name: "time", title: "Where the time went", description: "Two bars.",
        content: .bars(
            BarPlot(
                x: Axis("ms a step"), parts: ["forward", "messages"],
                rows: [BarPlot.Row("bn", values: [5, 0]), BarPlot.Row("syncbn", values: [5, 1.5])])))

    static let cubes = Figure(
        name: "cubes", title: "What each norm averages over", description: "Four cubes.", content: .cubes)

    static let oneOfEachKind = [lines, intervals, bars, cubes]
}

extension SVGElement {
    /// It and all within.
    var all: [SVGElement] { [self] + elements.flatMap(\.all) }

    func all(_ name: String) -> [SVGElement] { all.filter { $0.name == name } }

    /// The text that it holds itself.
    var ownText: String {
        children.reduce("") { if case .text(let text) = $1 { $0 + text } else { $0 } }
    }
}
