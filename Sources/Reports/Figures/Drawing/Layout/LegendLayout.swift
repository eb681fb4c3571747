/// Where the entries of a legend stand: from left to right, in as many lines as they take.
struct LegendLayout {
    /// The square in which an entry has its sample, in pixels.
    static let sample = 16.0
    private static let lineHeight = 26.0
    private static let top = 8.0

    /// The upper left corner of each entry.
    let places: [(x: Double, y: Double)]
    /// Of all lines; 0 without entries.
    let height: Double

    /// - Parameters:
    ///   - side: what stays free on both sides.
    ///   - width: of the canvas.
    init(_ texts: [String], side: Double, width: Double, fontSize: Double) {
        var place = (x: side, y: Self.top)
        places = texts.map { text in
            let entry = Self.sample + 6 + TextWidth.estimate(text, size: fontSize)
            if place.x > side, place.x + entry > width - side { place = (side, place.y + Self.lineHeight) }
            defer { place.x += entry + 16 }
            return place
        }
        height = texts.isEmpty ? 0 : place.y + Self.lineHeight
    }
}
