/// A picture of figures before it is drawn: what stands on its axes, its series, and what it says in words.
///
/// Values that are not finite are left out of a drawing, and stay in its data.
public struct Figure: Equatable, Sendable {
    /// Lower-case words joined by dashes, unique in a report: its anchor and the name of its files.
    public let name: String
    /// What it shows, without a full stop.
    public let title: String
    /// What there is to see, in one or two sentences, for those who can't see it.
    public let description: String
    /// What is drawn.
    public let content: Content

    /// The kinds of pictures.
    public enum Content: Equatable, Sendable {
        /// Lines with bands and points over two axes.
        case lines(LinePlot)
        /// Rows of paired differences, each with an interval.
        case intervals(IntervalPlot)
        /// Stacked bars, one a row.
        case bars(BarPlot)
        /// The four cubes that show over which axes of a batch each kind of norm averages; for teaching.
        case cubes
    }

    /// A picture of figures.
    public init(name: String, title: String, description: String, content: Content) {
        self.name = name
        self.title = title
        self.description = description
        self.content = content
    }
}

/// An axis of a picture.
public struct Axis: Equatable, Sendable {
    /// What it measures, with its unit.
    public var label: String
    /// Whether equal factors have equal distances; values that are not above 0 are then left out of a drawing.
    public var isLogarithmic: Bool
    /// Where it has ticks, and what stands there; empty: wherever it looks best.
    public var ticks: [Tick]

    /// A tick.
    public struct Tick: Equatable, Sendable {
        /// Where.
        public let value: Double
        /// What stands there.
        public let label: String

        /// A tick.
        public init(_ value: Double, _ label: String) {
            self.value = value
            self.label = label
        }
    }

    /// An axis.
    public init(_ label: String, isLogarithmic: Bool = false, ticks: [Tick] = []) {
        self.label = label
        self.isLogarithmic = isLogarithmic
        self.ticks = ticks
    }
}

/// Lines over two axes, each with a band around it and single points, where there are any.
public struct LinePlot: Equatable, Sendable {
    /// To the right.
    public var x: Axis
    /// Upwards.
    public var y: Axis
    /// In the order of their colours. Two of them may end at the same height.
    public var series: [Series]

    /// Lines over two axes.
    public init(x: Axis, y: Axis, series: [Series]) {
        self.x = x
        self.y = y
        self.series = series
    }

    /// One line.
    public struct Series: Equatable, Sendable {
        /// What it is called at its end: any text.
        public var name: String
        /// The line, x ascending.
        public var points: [Point]
        /// Single measurements: every seed's, for example.
        public var marks: [Mark]

        /// One line.
        public init(_ name: String, points: [Point], marks: [Mark] = []) {
            self.name = name
            self.points = points
            self.marks = marks
        }
    }

    /// A place of a line.
    public struct Point: Equatable, Sendable {
        /// To the right.
        public let x: Double
        /// Upwards.
        public let y: Double
        /// The band around `y`; nil: none.
        public let band: ClosedRange<Double>?

        /// A place of a line.
        public init(x: Double, y: Double, band: ClosedRange<Double>? = nil) {
            self.x = x
            self.y = y
            self.band = band
        }
    }

    /// A single measurement.
    public struct Mark: Equatable, Sendable {
        /// To the right.
        public let x: Double
        /// Upwards.
        public let y: Double
        /// What it is, for the tooltip: `seed 3`.
        public let label: String

        /// A single measurement.
        public init(x: Double, y: Double, label: String) {
            self.x = x
            self.y = y
            self.label = label
        }
    }
}

/// Paired differences in rows, each with its interval and, where there is one, the margin within which it counts as none.
public struct IntervalPlot: Equatable, Sendable {
    /// What is measured; 0 is marked.
    public var x: Axis
    /// From top to bottom.
    public var rows: [Row]

    /// Paired differences in rows.
    public init(x: Axis, rows: [Row]) {
        self.x = x
        self.rows = rows
    }

    /// One difference.
    public struct Row: Equatable, Sendable {
        /// What is compared: any text.
        public var label: String
        /// The mean difference.
        public var mean: Double
        /// Its interval; nil where there is none.
        public var interval: ClosedRange<Double>?
        /// Differences up to this, in both directions, count as none; nil: no margin was named.
        public var margin: Double?
        /// The difference of each pair.
        public var marks: [LinePlot.Mark]

        /// One difference; of `marks`, x counts and y does not.
        public init(
            _ label: String, mean: Double, interval: ClosedRange<Double>?, margin: Double? = nil,
            marks: [LinePlot.Mark] = []
        ) {
            self.label = label
            self.mean = mean
            self.interval = interval
            self.margin = margin
            self.marks = marks
        }
    }
}

/// Rows of stacked bars.
public struct BarPlot: Equatable, Sendable {
    /// What a bar's length measures.
    public var x: Axis
    /// What the parts of a bar are called, in order.
    public var parts: [String]
    /// From top to bottom.
    public var rows: [Row]

    /// Rows of stacked bars.
    public init(x: Axis, parts: [String], rows: [Row]) {
        self.x = x
        self.parts = parts
        self.rows = rows
    }

    /// One bar.
    public struct Row: Equatable, Sendable {
        /// What it is about: any text.
        public var label: String
        /// The length of each part.
        public var values: [Double]

        /// One bar.
        public init(_ label: String, values: [Double]) {
            self.label = label
            self.values = values
        }
    }
}
