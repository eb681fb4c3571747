import Foundation
import Yams

/// A value that a key can take.
protocol ConfigurationValue: Codable {
    /// What the value must be, as it reads after "expected".
    static var expectation: String { get }
    /// The allowed texts, where there are few.
    static var choices: [String] { get }
    /// The value as it is written to a file.
    var node: Node { get }
    /// The YAML of a value typed as an option, where quotes and brackets are a nuisance; nil when it is empty.
    static func node(typed text: String) throws -> Node?
    /// Whether `node` is such a value.
    static func reads(_ node: Node) -> Bool
    /// Throws when `node` is no such value; `key` names the key and its place.
    static func check(_ node: Node, key: PlacedKey) throws
}

/// A key with the place that an error about its value names.
struct PlacedKey {
    let path: String
    let place: ConfigurationPlace
}

extension ConfigurationValue {
    static var choices: [String] { [] }

    static func node(typed text: String) throws -> Node? { try Yams.compose(yaml: text) }

    static func reads(_ node: Node) -> Bool { (try? YAMLDecoder().decode(Self.self, from: node)) != nil }

    static func check(_ node: Node, key: PlacedKey) throws {
        if node.null == nil && reads(node) { return }
        if let text = node.scalar?.string, node.null == nil, !choices.isEmpty {
            throw ConfigurationError.notOneOf(place: key.place, key: key.path, found: text, choices: choices)
        }
        throw ConfigurationError.wrongType(
            place: key.place, key: key.path, expected: expectation, found: node.foundText)
    }
}

extension Int: ConfigurationValue {
    static let expectation = "a whole number"
    var node: Node { Node(description, Tag(.int)) }

    /// Digits with colons between them are a number to base 60, and one that is too large ends the program in Yams 6.2.
    static func reads(_ node: Node) -> Bool {
        guard let text = node.scalar?.string, !text.contains(":") else { return false }
        return (try? YAMLDecoder().decode(Int.self, from: node)) != nil
    }
}

extension Double: ConfigurationValue {
    static let expectation = "a number"
    var node: Node { Node(shortText, Tag(.float)) }

    /// The shortest decimal text that reads back as this value, without an exponent where that is possible: many YAML
    /// readers take `1e-05` for a text.
    var shortText: String {
        guard let decimal = Decimal(string: description), description.contains("e"),
            Double(decimal.description) == self
        else { return description }
        return decimal.description
    }
}

extension Bool: ConfigurationValue {
    static let expectation = "true or false"
    var node: Node { Node(description, Tag(.bool)) }
}

extension String: ConfigurationValue {
    static let expectation = "a text"
    /// Always quoted, so that no folder's name reads as a number or as null.
    var node: Node { Node(self, Tag(.str), .doubleQuoted) }

    static func node(typed text: String) -> Node? { text.node }
}

/// A value written as one text: one of a few names, or a name with a size.
protocol ConfigurationText: ConfigurationValue, RawRepresentable, Equatable, Sendable where RawValue == String {}

extension ConfigurationText {
    static var expectation: String { "one of \(choices.joined(separator: ", "))" }
    var node: Node { Node(rawValue) }
}

extension ConfigurationText where Self: CaseIterable {
    static var choices: [String] { allCases.map(\.rawValue) }
}

extension Optional: ConfigurationValue where Wrapped: ConfigurationValue {
    static var expectation: String { Wrapped.expectation }
    static var choices: [String] { Wrapped.choices }
    var node: Node { self?.node ?? .nothing }

    static func node(typed text: String) throws -> Node? { try Wrapped.node(typed: text) }

    static func check(_ node: Node, key: PlacedKey) throws {
        if node.null == nil { try Wrapped.check(node, key: key) }
    }
}

extension Array: ConfigurationValue where Element: ConfigurationValue {
    static var expectation: String { "a list, each of it \(Element.expectation)" }
    var node: Node { Node(map(\.node), .implicit, .flow) }

    static func node(typed text: String) throws -> Node? {
        try Yams.compose(yaml: text.hasPrefix("[") ? text : "[\(text)]")
    }

    static func check(_ node: Node, key: PlacedKey) throws {
        guard let elements = node.sequence else {
            throw ConfigurationError.wrongType(
                place: key.place, key: key.path, expected: expectation, found: node.foundText)
        }
        for element in elements {
            try Element.check(element, key: PlacedKey(path: key.path, place: key.place.moved(to: element.mark?.line)))
        }
    }
}
