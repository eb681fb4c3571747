/// What people read of a run, a comparison or a study, before it is a page: text, tables and figures in their order.
///
/// A report is a function of the files that it tells about, so that it can be made again.
public struct Report: Equatable, Sendable {
    /// What it is about: the heading of the whole.
    public var title: String
    /// What came out, in a few sentences: a paragraph each.
    public var summary: [ReportText]
    /// The parts, in order.
    public var sections: [ReportSection]
    /// How what it tells about was made.
    public var provenance: Provenance

    /// A report.
    public init(title: String, summary: [ReportText], sections: [ReportSection], provenance: Provenance) {
        self.title = title
        self.summary = summary
        self.sections = sections
        self.provenance = provenance
    }

    /// All figures, in the order in which they stand.
    public var figures: [Figure] { sections.flatMap(\.blocks).flatMap(\.figures) }
}

/// A part of a report under a heading of its own.
public struct ReportSection: Equatable, Sendable {
    /// The heading, unique in a report.
    public var heading: String
    /// What stands below it, in order.
    public var blocks: [ReportBlock]

    /// A part of a report.
    public init(_ heading: String, _ blocks: [ReportBlock]) {
        self.heading = heading
        self.blocks = blocks
    }
}

/// What a section is made of.
public indirect enum ReportBlock: Equatable, Sendable {
    /// A paragraph.
    case paragraph(ReportText)
    /// A table.
    case table(ReportTable)
    /// A figure; the provenance is that of what it shows, where that is another than the report's.
    case figure(Figure, Provenance? = nil)
    /// Lines as they are: commands, a configuration.
    case code(String)
    /// What is shown only to those who ask for it, under a line that says what it is.
    case fold(String, [ReportBlock])

    fileprivate var figures: [Figure] {
        switch self {
        case .figure(let figure, _): [figure]
        case .fold(_, let blocks): blocks.flatMap(\.figures)
        case .paragraph, .table, .code: []
        }
    }
}

/// How something was made, so that others can make it again.
public struct Provenance: Equatable, Sendable {
    /// The command as it was typed, on as many ranks; nil where the files don't tell.
    public var command: String?
    /// The resolved configuration, as a file holds it.
    public var configuration: String
    /// What else decided it: seeds, version, machine.
    public var facts: [Fact]
    /// Commands, a line each, that make it again from inside of the report's folder.
    public var repetition: String

    /// A name and a value.
    public struct Fact: Equatable, Sendable {
        /// What it is.
        public var name: String
        /// What it was.
        public var value: String

        /// A name and a value.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// How something was made.
    public init(command: String?, configuration: String, facts: [Fact], repetition: String) {
        self.command = command
        self.configuration = configuration
        self.facts = facts
        self.repetition = repetition
    }

    /// The command and the facts: of the command alone, whether it was recorded.
    var rows: [(name: String, value: ReportText)] {
        [("command", command.map(ReportText.code) ?? "not recorded")] + facts.map { ($0.name, ReportText($0.value)) }
    }
}
