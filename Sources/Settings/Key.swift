import Catalogues
import Foundation

extension Configuration {
    /// The declarations of all keys, in order.
    public static let keys = Configuration().declarations()

    /// The declaration of the key at a dotted path, or nil when there is no such key.
    public static func key(_ path: String) -> KeyDeclaration? { keysByPath[path] }

    private static let keysByPath = Dictionary(uniqueKeysWithValues: keys.map { ($0.path, $0) })
}

extension DeclaredKey {
    /// The value as what a key can take.
    var value: any KeyValue { keyValue(anyValue) }
}

/// Every type that a key is declared with must say how its values are written and read.
private func keyValue(_ value: any Codable & Sendable) -> any KeyValue {
    guard let value = value as? any KeyValue else { preconditionFailure("\(type(of: value)) is no KeyValue") }
    return value
}

extension KeyDeclaration {
    /// The names that it may have, or its forms; empty where they can't be listed.
    public var choices: [Choice] { listedChoices.isEmpty ? type.choices : listedChoices }

    /// What help calls the option's value.
    public var valueName: String { givenValueName ?? (choices.isEmpty ? "count" : "name") }

    /// The built-in default as what the key can take.
    var standard: any KeyValue { keyValue(builtIn) }

    /// The key's type.
    var type: any KeyValue.Type { Swift.type(of: standard) }

    /// Whether the bounds and choices are those of each element.
    var isList: Bool { standard.node.sequence != nil }

    /// What the value must be, as it reads after "expected".
    public var expectation: String { type.expectation(of: self) }

    /// The bounds in words after the kind of number, with a blank in front; empty where there are none.
    var range: String {
        if bounds.count == 2, case .from = bounds[0], case .upTo(let most) = bounds[1] {
            return " \(bounds[0].words) to \(Bound.text(most))"
        }
        return bounds.isEmpty ? "" : " " + bounds.map(\.words).joined(separator: " and ")
    }

    /// What the value must be as a sentence; nil where its kind alone says it. That a number is one goes without saying.
    public var requirement: String? {
        guard !(bounds.isEmpty && choices.isEmpty) else { return nil }
        let kind = type.kind + " "
        let words =
            bounds.isEmpty || !expectation.hasPrefix(kind) ? expectation[...] : expectation.dropFirst(kind.count)
        return words.prefix(1).uppercased() + words.dropFirst() + "."
    }

    /// The default, for a person: what it means where it is `null`.
    public var defaultText: String { standard.isNull ? null ?? "null" : standard.line }

    /// What `--help` says of the option.
    ///
    /// - Parameter defaultText: what the command does without it.
    public func help(defaultText: String) -> String {
        let firstSentence = documentation.components(separatedBy: ". ")[0]
        let sentence = firstSentence.hasSuffix(".") ? firstSentence : firstSentence + "."
        return [sentence, requirement, "(default: \(defaultText))"].compactMap { $0 }.joined(separator: " ")
    }
}

extension Bound {
    var words: String {
        switch self {
        case .from(let least): "from \(Self.text(least))"
        case .above(let limit): "above \(Self.text(limit))"
        case .upTo(let most): "up to \(Self.text(most))"
        case .below(let limit): "below \(Self.text(limit))"
        }
    }

    fileprivate static func text(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? number.shortText
    }
}
