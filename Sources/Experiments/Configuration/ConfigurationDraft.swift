import Foundation
import Yams

/// A configuration in the making: the built-in default, then a file, then options, each over the one before, and the
/// place that each value came from.
///
/// Kinds of values and names of keys are checked at once; ranges, and values against each other, by
/// `validated(for:ranks:channels:)`.
public struct ConfigurationDraft: Sendable {
    /// The values so far.
    public private(set) var configuration = Configuration()
    private var places: [String: ConfigurationPlace] = [:]

    /// The built-in default.
    public init() {}

    /// The built-in default overlaid with the file at `path`.
    public init(path: String) throws {
        try self.init(yaml: Self.text(ofFile: path), file: path)
    }

    /// The built-in default overlaid with `yaml`; `file` is the name that errors give to it.
    public init(yaml: String, file: String) throws {
        let place = ConfigurationPlace.file(file, line: 1)
        // Yams takes the byte order mark that some editors write for content.
        let text = yaml.unicodeScalars.first == "\u{FEFF}" ? String(yaml.unicodeScalars.dropFirst()) : yaml
        if let node = try parsed(text, place: place, { try Yams.compose(yaml: text) }) {
            try overlay(node, place: place)
        }
    }

    /// Sets one key from `key.path=value`, the text of the option `--set`.
    public mutating func set(_ assignment: String) throws {
        guard let equals = assignment.firstIndex(of: "=") else {
            throw ConfigurationError.notAnAssignment(option: "--set \(assignment)")
        }
        let key = assignment[..<equals].trimmingCharacters(in: .whitespaces)
        let value = String(assignment[assignment.index(after: equals)...])
        try set(key, to: value, place: .option("--set \(assignment)"))
    }

    /// Sets the key at the dotted path `key` to `value`, a YAML scalar or flow list; `option` is the option that it
    /// came from, for example `--batch`. A list may go without its brackets, and a text without its quotes.
    public mutating func set(_ key: String, to value: String, option: String) throws {
        try set(key, to: value, place: .option("\(option) \(value)"))
    }

    /// Where the value of `key`, a dotted path, came from.
    public func place(of key: String) -> ConfigurationPlace { places[key] ?? .builtIn }

    private mutating func set(_ key: String, to value: String, place: ConfigurationPlace) throws {
        let path = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let node = try parsed(value, place: place) {
            guard case .value(let current) = configuration.entry(at: path) else { return try Yams.compose(yaml: value) }
            return try type(of: current).node(typed: value)
        }
        let nested = path.reversed().reduce(node ?? .nothing) { inner, key in Node([(Node(key), inner)]) }
        try overlay(nested, place: place)
    }

    /// Lays the keys of `node` over the values so far, all of them or, when one is wrong, none.
    private mutating func overlay(_ node: Node, place: ConfigurationPlace) throws {
        var found: [String: ConfigurationPlace] = [:]
        try configuration.check(node, key: PlacedKey(path: "", place: place), places: &found)
        let merged = configuration.node.overlaid(with: node)
        configuration = try YAMLDecoder().decode(Configuration.self, from: merged)
        places.merge(found) { _, new in new }
    }
}
