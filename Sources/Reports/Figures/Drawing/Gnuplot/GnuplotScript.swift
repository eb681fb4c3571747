/// What gnuplot is told to draw one figure, and what must be added to the picture afterwards.
///
/// The canvas is in pixels, from its upper left corner.
struct GnuplotScript {
    /// One element of the plot.
    struct Layer: Equatable {
        /// What a reader sees who points at each of its marks, in the order of its rows; empty: nothing.
        var tooltips: [String] = []
        /// Of its filled marks.
        var opacity: Double?
    }

    /// Where text is anchored.
    enum Anchor: String {
        case left, center, right
    }

    static let fontSize = 16.0

    let width: Double
    let height: Double
    private(set) var layers: [Layer] = []
    /// The whole texts of labels that had to be shortened, by what is left of them, in the order in which they are drawn.
    private(set) var wholeTexts: [String: [String]] = [:]
    private var commands: [String]
    private var data: [String] = []
    private var elements: [String] = []
    private var objects = 0

    /// A figure on a canvas of a size in pixels.
    init(width: Double, height: Double) {
        self.width = width
        self.height = height
        commands = [
            "set terminal svg size \(Int(width)),\(Int(height)) dynamic noenhanced linewidth 1 butt"
                + " font 'sans,\(Int(Self.fontSize))'",
            "set encoding utf8", "set minussign", "set key off", "set format '%g'",
            "set tics nomirror out scale 0.4 textcolor \(Self.rgb(FigurePalette.text))",
            "set border 1 linecolor \(Self.rgb(FigurePalette.faint))",
        ]
    }

    /// The program's whole input.
    var text: String {
        // An empty plot still draws its axes.
        let plot = elements.isEmpty ? "NaN" : elements.joined(separator: ", ")
        return (commands + data + ["plot \(plot)"]).joined(separator: "\n") + "\n"
    }

    /// A command that holds no text of others.
    mutating func command(_ command: String) { commands.append(command) }

    /// The rectangle of the axes; nil leaves room for the numbers on the left.
    mutating func frame(left: Double?, right: Double, top: Double, bottom: Double) {
        if let left { command("set lmargin at screen \(left / width)") }
        command("set rmargin at screen \(right / width)")
        command("set tmargin at screen \(1 - top / height)")
        command("set bmargin at screen \(1 - bottom / height)")
    }

    /// The range and the ticks of axis `x` or `y` over a length in pixels.
    mutating func axis(_ name: String, _ axis: Axis, _ range: AxisRange, length: Double) {
        if range.isLogarithmic { command("set logscale \(name)") }
        command("set \(name)range [\(range.low):\(range.high)]")
        guard let ticks = AxisTicks.shown(axis, in: range, length: length, size: Self.fontSize) else { return }
        for tick in ticks where !tick.label.isEmpty {
            let whole = axis.ticks.first { $0.value == tick.value }?.label ?? tick.label
            remember(whole.inOneLine, shownAs: tick.label.inOneLine)
        }
        // What stands at a tick is a format there.
        let list = ticks.map { "\(Self.quoted($0.label.replacing("%", with: "%%"))) \($0.value)" }
        command("set \(name)tics (\(list.joined(separator: ", ")))")
    }

    /// A line of text at a place in gnuplot's words, such as `graph 1, first 20`, shortened to a width in pixels.
    mutating func label(
        _ text: String, at place: String, _ anchor: Anchor = .left, colour: FigurePalette.Colour = FigurePalette.text,
        width: Double? = nil
    ) {
        let text = text.inOneLine
        let shown = TextWidth.shortened(text, to: width ?? self.width, size: Self.fontSize)
        remember(text, shownAs: shown)
        command("set label \(Self.quoted(shown)) at \(place) \(anchor) front textcolor \(Self.rgb(colour))")
    }

    private mutating func remember(_ whole: String, shownAs shown: String) {
        if shown != whole { wholeTexts[shown, default: []].append(whole) }
    }

    /// A straight line between two places in gnuplot's words.
    mutating func line(from start: String, to end: String, colour: FigurePalette.Colour, width: Double) {
        command("set arrow from \(start) to \(end) nohead linewidth \(width) linecolor \(Self.rgb(colour))")
    }

    /// A point of one of gnuplot's shapes at a pixel of the canvas.
    mutating func point(_ shape: Int, x: Double, y: Double, size: Double, colour: FigurePalette.Colour) {
        command(
            "set label '' at \(place(x, y)) front point pointtype \(shape) pointsize \(size)"
                + " linecolor \(Self.rgb(colour))")
    }

    /// What a sample in a legend stands for, on its right.
    mutating func legendText(_ text: String, at place: (x: Double, y: Double)) {
        let x = place.x + LegendLayout.sample + 6
        label(text, at: self.place(x, place.y + LegendLayout.sample / 2), width: width - x - 8)
    }

    /// A filled rectangle at pixels of the canvas.
    mutating func rectangle(x: Double, y: Double, width: Double, height: Double, colour: FigurePalette.Colour) {
        objects += 1
        command(
            "set object \(objects) rectangle from \(place(x, y)) to \(place(x + width, y + height))"
                + " fillcolor \(Self.rgb(colour)) fillstyle solid noborder")
    }

    /// An element of the plot, over the ones before it, unless it has no rows. An empty row breaks a line.
    mutating func plot(_ rows: [[Double]], _ style: String, colour: FigurePalette.Colour, _ layer: Layer = Layer()) {
        guard rows.contains(where: { !$0.isEmpty }) else { return }
        let name = "$data\(layers.count)"
        let lines = rows.map { row in row.map { "\($0)" }.joined(separator: " ") }
        data += ["\(name) << END"] + lines + ["END"]
        elements.append("\(name) with \(style) linecolor \(Self.rgb(colour))")
        layers.append(layer)
    }

    /// A pixel of the canvas in gnuplot's words.
    func place(_ x: Double, _ y: Double) -> String { "screen \(x / width), screen \(1 - y / height)" }

    static func rgb(_ colour: FigurePalette.Colour) -> String { "rgb '\(colour.light)'" }

    /// Text in single quotes, within which gnuplot replaces nothing: neither backslashes nor commands in backquotes.
    static func quoted(_ text: String) -> String { "'\(text.inOneLine.replacing("'", with: "''"))'" }
}
