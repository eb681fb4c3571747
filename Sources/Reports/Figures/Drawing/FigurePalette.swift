/// The colours of figures: variables that a page defines for light and for dark.
///
/// The six colours of series have the hues of Okabe and Ito ("Color Universal Design", 2008), moved in lightness until each
/// can be read as text on its page and they stay apart for readers who see two of the three primaries.
public enum FigurePalette {
    /// A colour of a figure.
    struct Colour: Equatable, Sendable {
        /// Its name in style sheets, without the dashes before it.
        let name: String
        /// On a light page, as `#rrggbb`; what a figure falls back to.
        let light: String
        /// On a dark page.
        let dark: String

        /// As the value of an attribute.
        var reference: String { "var(--\(name), \(light))" }
    }

    static let text = Colour(name: "figure-text", light: "#1d1d1f", dark: "#f2f2f5")
    /// Of axes, and of what stands back.
    static let faint = Colour(name: "figure-faint", light: "#66676c", dark: "#a5a5ad")
    static let grid = Colour(name: "figure-grid", light: "#dcdce1", dark: "#3c3c42")
    /// Of the page behind the figure, for text on a filled shape.
    static let page = Colour(name: "figure-page", light: "#ffffff", dark: "#1c1c1e")
    /// Of lines, bars and points, in order.
    static let series = [
        Colour(name: "figure-1", light: "#0066cc", dark: "#4ba3ff"),
        Colour(name: "figure-2", light: "#8f3400", dark: "#e8703f"),
        Colour(name: "figure-3", light: "#0e8051", dark: "#12d892"),
        Colour(name: "figure-4", light: "#9b508a", dark: "#cf7aac"),
        Colour(name: "figure-5", light: "#86700e", dark: "#fecd3b"),
        Colour(name: "figure-6", light: "#33343a", dark: "#e3f1f6"),
    ]

    static let all = [text, faint, grid, page] + series

    /// The colour of a series; after the last comes the first again.
    static func series(_ index: Int) -> Colour { series[index % series.count] }

    /// Rules for a page that holds figures: the variables for light and dark, the page's font, and the page's width.
    public static let styleSheet = """
        :root { color-scheme: light dark; \(definitions(\.light)) }
        @media (prefers-color-scheme: dark) { :root { \(definitions(\.dark)) } }
        svg.figure-drawing { display: block; width: 100%; height: auto; max-width: 42rem; font-family: inherit }
        """

    private static func definitions(_ shade: KeyPath<Colour, String>) -> String {
        all.map { "--\($0.name): \($0[keyPath: shade])" }.joined(separator: "; ")
    }
}
