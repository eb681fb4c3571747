import Catalogues
import Files
import Foundation
import Yams

/// An option that stands for a key, as it was typed.
public struct KeyOption: Equatable, Sendable {
    /// The key's dotted path.
    public let key: String
    /// The option with its dashes.
    public let option: String
    /// Its value.
    public let value: String

    /// - Parameters:
    ///   - key: a key that has an option.
    ///   - value: what was typed after it.
    public init(_ key: KeyDeclaration, value: String) {
        self.key = key.path
        option = key.option.map { "--\($0)" } ?? "--set"
        self.value = value
    }
}

/// A configuration in the making: the built-in default, then a file, then options, each over the one before, and the
/// place that each value came from.
///
/// Each value is checked against its key's declaration at once, values against each other by `validated(for:ranks:)`.
public struct ConfigurationDraft: Sendable {
    /// The values so far.
    public private(set) var configuration = Configuration()
    private var places: [String: ConfigurationPlace] = [:]

    /// The built-in default.
    public init() {}

    /// The built-in default overlaid with the file at `path`.
    public init(path: String) throws {
        try self.init(bytes: RegularFile.bytes(of: path), file: path)
    }

    /// The built-in default overlaid with the bytes of a file; `file` is the name that errors give to it.
    public init(bytes: [UInt8], file: String) throws {
        try self.init(yaml: Self.text(bytes, file), file: file)
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
        try set(key, to: String(assignment[assignment.index(after: equals)...]), option: "--set")
    }

    /// Sets the key of each option, in order.
    public mutating func set(_ options: [KeyOption]) throws {
        for option in options { try set(option.key, to: option.value, option: option.option) }
    }

    /// Sets the key at the dotted path `key` to `value`, a YAML scalar or flow list; `option` is the option that it
    /// came from, for example `--batch`. A list may go without its brackets, and a text without its quotes.
    public mutating func set(_ key: String, to value: String, option: String) throws {
        let place = ConfigurationPlace.option(option, key: key, value: value)
        let node = try parsed(value, place: place) {
            guard let declaration = Configuration.key(key) else { return try Yams.compose(yaml: value) }
            return try declaration.type.node(typed: value)
        }
        try set(key, to: node ?? .nothing, at: place)
    }

    /// Sets one key to a value as YAML has it.
    mutating func set(_ key: String, to node: Node, at place: ConfigurationPlace) throws {
        let path = key.split(separator: ".", omittingEmptySubsequences: false)
        try overlay(path.reversed().reduce(node) { inner, name in Node([(Node(String(name)), inner)]) }, place: place)
    }

    /// Where the value of `key`, a dotted path, came from.
    public func place(of key: String) -> ConfigurationPlace { places[key] ?? .builtIn }

    /// The refusal of a value that is at odds with others, or with what is made from it.
    ///
    /// - Parameters:
    ///   - key: its dotted path.
    ///   - value: as a person would write it; empty for none.
    ///   - requirement: what it must be, as it reads after "expected".
    ///   - advice: what to do, as it reads after a semicolon.
    public func refusal(
        of key: String, value: String, requirement: String, advice: String? = nil
    ) -> ConfigurationError {
        .unexpectedValue(
            place: place(of: key), key: key, expected: requirement, found: value.isEmpty ? "nothing" : "'\(value)'",
            advice: advice)
    }

    /// Lays the keys of `node` over the values so far, all of them or, when one is wrong, none.
    mutating func overlay(_ node: Node, place: ConfigurationPlace) throws {
        var found: [String: ConfigurationPlace] = [:]
        // Not the values so far: what was read knows nothing of its declaration.
        try Configuration().check(node, path: "", place: place, places: &found)
        let merged = configuration.node.overlaid(with: node)
        configuration = try YAMLDecoder().decode(Configuration.self, from: merged)
        places.merge(found) { _, new in new }
    }
}
