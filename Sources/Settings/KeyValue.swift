import Catalogues
import Foundation
import Yams

/// A value that a key can take.
public protocol KeyValue: Codable, Equatable, Sendable {
    /// What a value is, as it reads after "expected": `a whole number`.
    static var kind: String { get }
    /// The names that a value can have, where its type decides.
    static var choices: [Choice] { get }
    /// The value as it is written to a file.
    var node: Node { get }
    /// The YAML of a value typed as an option, where quotes and brackets are a nuisance; nil when it is empty.
    static func node(typed text: String) throws -> Node?
    /// The value that a node of a file stands for; nil when it is no such value. Bounds and choices are not looked at.
    static func value(of node: Node) -> Self?
    /// Whether the value keeps to the bounds and choices of a key.
    func fits(_ key: KeyDeclaration) -> Bool
    /// What a value of a key must be, as it reads after "expected".
    static func expectation(of key: KeyDeclaration) -> String
    /// Throws when `node`, found at `place`, is no value of a key.
    static func check(_ node: Node, as key: KeyDeclaration, at place: ConfigurationPlace) throws
}

extension KeyValue {
    /// None: the type alone does not decide.
    public static var choices: [Choice] { [] }

    /// As it stands in a file.
    public static func node(typed text: String) throws -> Node? { try Yams.compose(yaml: text) }

    /// As YAML has it.
    public static func value(of node: Node) -> Self? { try? YAMLDecoder().decode(Self.self, from: node) }

    /// Nothing more to keep to.
    public func fits(_ key: KeyDeclaration) -> Bool { true }

    /// One of the choices where there are any, else the kind and its range.
    public static func expectation(of key: KeyDeclaration) -> String {
        guard key.choices.isEmpty else { return "one of \(key.choices.map(\.name).joined(separator: ", "))" }
        return kind + key.range
    }

    /// For a single value.
    public static func check(_ node: Node, as key: KeyDeclaration, at place: ConfigurationPlace) throws {
        if node.null == nil, value(of: node)?.fits(key) == true { return }
        throw ConfigurationError.unexpectedValue(
            place: place, key: key.path, expected: expectation(of: key), found: node.foundText,
            advice: node.null == nil ? node.scalar.flatMap { advice(on: $0.string, for: key) } : nil)
    }

    private static func advice(on text: String, for key: KeyDeclaration) -> String? {
        // Some names have a size behind a colon.
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        if parts.count == 2, key.choices.contains(where: { $0.name.hasPrefix("\(parts[0]):") }) {
            return DecimalText.advice(on: parts[1])
        }
        if let name = nearest(to: text, among: key.choices.map(\.name)) { return "did you mean '\(name)'?" }
        return kind.hasSuffix("number") ? DecimalText.advice(on: text) : nil
    }

    /// Whether this is the missing value of an optional one.
    var isNull: Bool { node.null != nil }

    /// The value as it is written to a file, on a single line.
    var line: String {
        let text = try? Yams.serialize(node: node, width: -1, allowUnicode: true)
        return text?.split(separator: "\n").first.map(String.init) ?? ""
    }
}

extension Int: KeyValue {
    /// A whole number.
    public static var kind: String { "a whole number" }
    /// Its digits.
    public var node: Node { Node(description, Tag(.int)) }

    /// Decimal digits, not in quotes: YAML has numbers to base 2, 8, 16 and 60 too.
    public static func value(of node: Node) -> Int? {
        guard let text = node.scalar?.string, DecimalText.whole(text) != nil else { return nil }
        return try? YAMLDecoder().decode(Int.self, from: node)
    }

    /// Whether it is in the key's range.
    public func fits(_ key: KeyDeclaration) -> Bool { key.bounds.allSatisfy { $0.contains(Double(self)) } }
}

extension Double: KeyValue {
    /// A number.
    public static var kind: String { "a number" }
    /// Its shortest text.
    public var node: Node { Node(shortText, Tag(.float)) }

    /// A finite decimal number, not in quotes.
    public static func value(of node: Node) -> Double? {
        guard let text = node.scalar?.string, DecimalText.number(text) != nil else { return nil }
        return try? YAMLDecoder().decode(Double.self, from: node)
    }

    /// Whether it is in the key's range.
    public func fits(_ key: KeyDeclaration) -> Bool { key.bounds.allSatisfy { $0.contains(self) } }

    /// The shortest decimal text that reads back as this value, without an exponent where that is possible: many YAML
    /// readers take `1e-05` for a text.
    var shortText: String {
        guard let decimal = Decimal(string: description), description.contains("e"),
            Double(decimal.description) == self
        else { return description }
        return decimal.description
    }
}

extension Bool: KeyValue {
    /// One of two words.
    public static var kind: String { "true or false" }
    /// One of two words.
    public var node: Node { Node(description, Tag(.bool)) }
}

extension String: KeyValue {
    /// Any text, where there are no choices.
    public static var kind: String { "a text" }
    /// In quotes unless it is a plain name, so that no folder's name reads as a number, as null or as a truth value.
    public var node: Node {
        let isPlain = wholeMatch(of: /[A-Za-z][A-Za-z0-9_-]*/) != nil && !Self.wordsOfYAML.contains(lowercased())
        return Node(self, Tag(.str), isPlain ? .plain : .doubleQuoted)
    }

    private static let wordsOfYAML: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]

    /// As it is typed.
    public static func node(typed text: String) -> Node? { text.node }

    /// Whether it is one of the choices, where there are any.
    public func fits(_ key: KeyDeclaration) -> Bool {
        key.choices.isEmpty || key.choices.contains { $0.name == self }
    }
}

extension Optional: KeyValue where Wrapped: KeyValue {
    /// That of the value.
    public static var kind: String { Wrapped.kind }
    /// Those of the value.
    public static var choices: [Choice] { Wrapped.choices }
    /// `null` without a value.
    public var node: Node { self?.node ?? .nothing }

    /// That of the value.
    public static func node(typed text: String) throws -> Node? { try Wrapped.node(typed: text) }

    /// That of the value.
    public static func expectation(of key: KeyDeclaration) -> String { Wrapped.expectation(of: key) }

    /// `null`, or a value.
    public static func check(_ node: Node, as key: KeyDeclaration, at place: ConfigurationPlace) throws {
        if node.null == nil { try Wrapped.check(node, as: key, at: place) }
    }
}

extension Array: KeyValue where Element: KeyValue {
    /// A list.
    public static var kind: String { "a list" }
    /// Those of its elements.
    public static var choices: [Choice] { Element.choices }
    /// Between brackets.
    public var node: Node { Node(map(\.node), .implicit, .flow) }

    /// The brackets may be missing.
    public static func node(typed text: String) throws -> Node? {
        try Yams.compose(yaml: text.hasPrefix("[") ? text : "[\(text)]")
    }

    /// That of each element.
    public static func expectation(of key: KeyDeclaration) -> String {
        "\(kind), each \(Element.expectation(of: key))"
    }

    /// Each element by itself.
    public static func check(_ node: Node, as key: KeyDeclaration, at place: ConfigurationPlace) throws {
        guard let elements = node.sequence else {
            throw ConfigurationError.unexpectedValue(
                place: place, key: key.path, expected: expectation(of: key), found: node.foundText, advice: nil)
        }
        for element in elements {
            try Element.check(element, as: key, at: place.moved(to: element.mark?.line))
        }
    }
}
