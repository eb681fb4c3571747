import Catalogues
import Files
import Yams

extension Section {
    /// Throws at the first key of `node` that is not of this section or whose value its declaration does not allow; adds
    /// the places of all values to `places`, by their dotted paths. `path` is that of this section.
    func check(
        _ node: Node, path: String, place: ConfigurationPlace, places: inout [String: ConfigurationPlace]
    ) throws {
        let entries = entries
        let names = entries.map(\.name)
        guard let mapping = node.mapping else {
            // A section of which every line is commented out.
            if node.null != nil { return }
            throw ConfigurationError.unexpectedValue(
                place: place, key: path, expected: "a section with the keys \(names.joined(separator: ", "))",
                found: node.foundText, advice: nil)
        }
        for (keyNode, value) in mapping {
            let name = keyNode.string ?? keyNode.foundText
            let place = place.moved(to: keyNode.mark?.line)
            let inner = path.isEmpty ? name : "\(path).\(name)"
            switch entries.first(where: { $0.name == name })?.entry {
            case .section(let section):
                try section.check(value, path: inner, place: place, places: &places)
            case .key:
                guard let declaration = Configuration.key(inner) else { preconditionFailure("\(inner) is undeclared") }
                try declaration.type.check(value, as: declaration, at: place)
                places[inner] = place
            case nil:
                throw ConfigurationError.unknownKey(
                    place: place, key: name, section: path, suggestion: nearestKey(to: name), keys: names)
            }
        }
    }

    /// The nearest key, of this section if another is no nearer.
    private func nearestKey(to name: String) -> String? {
        nearest(to: name, among: entries.map(\.name) + Configuration.keys.map(\.path)) { candidate in
            candidate.split(separator: ".").last.map(String.init) ?? candidate
        }
    }
}

extension Node {
    static var nothing: Node { Node("null", Tag(.null), .plain) }

    /// The node as it reads after "found".
    var foundText: String {
        switch self {
        case .scalar(let scalar): null == nil ? "'\(scalar.string)'" : "nothing"
        case .mapping: "a section"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    /// This mapping with the values of `other` in place of its own, sections within sections; empty sections change
    /// nothing.
    func overlaid(with other: Node) -> Node {
        guard var result = mapping else { return other }
        for (keyNode, value) in other.mapping ?? [:] {
            let key = Node(keyNode.string ?? "")
            result[key] = result[key]?.overlaid(with: value) ?? value
        }
        return .mapping(result)
    }
}

/// The result of `parse`, which reads `text`, its YAML errors turned into those of a configuration. `place` gives the
/// file or option.
func parsed(_ text: String, place: ConfigurationPlace, _ parse: () throws -> Node?) throws -> Node? {
    try refuseManyAliases(in: text, place: place)
    do {
        return try parse()
    } catch let error as YamlError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            throw ConfigurationError.syntax(
                place: place.moved(to: mark.line), column: place.hasLines ? mark.column : nil,
                problem: inWordsForUsers(problem))
        case .reader(let problem, let offset, _, let yaml):
            let line = offset.map { yaml.prefix($0).count(where: \.isNewline) + 1 }
            throw ConfigurationError.syntax(place: place.moved(to: line), column: nil, problem: problem)
        case .duplicatedKeysInMapping(let keys, let context):
            throw ConfigurationError.duplicateKey(
                place: place.moved(to: context.mark.line), key: keys.first ?? "")
        default:
            throw ConfigurationError.syntax(place: place, column: nil, problem: "\(error)")
        }
    }
}

/// libyaml tells of nesting that is too deep in words for programmers.
private func inWordsForUsers(_ problem: String) -> String {
    problem.contains("nesting level") ? "sections or lists are nested too deeply" : problem
}

/// A few aliases of aliases stand for more values than any memory holds, and Yams follows them all. No configuration
/// needs many, so that whatever looks like one counts, in comments and quotes too.
private func refuseManyAliases(in text: String, place: ConfigurationPlace) throws {
    var aliases = 0
    var line = 1
    var before = UInt8(ascii: "\n")
    for character in text.utf8 {
        let follows = before == UInt8(ascii: "*") && !" \t\r\n*".utf8.contains(character)
        if follows { aliases += 1 }
        guard aliases <= 16 else {
            throw ConfigurationError.syntax(
                place: place.moved(to: line), column: nil,
                problem: "too many aliases ('*name'): write the values themselves")
        }
        if character == UInt8(ascii: "\n") { line += 1 }
        before = character
    }
}

extension ConfigurationDraft {
    /// The text of whatever can be read: a file, a pipe, or standard input, for which `-` and `/dev/stdin` stand.
    ///
    /// - Throws: `FileError`, or `ConfigurationError` when it is not UTF-8.
    public static func text(handedOver path: String) throws -> String {
        try text(HandedText.bytes(of: path), path)
    }

    static func text(_ bytes: [UInt8], _ path: String) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError.notUTF8(file: path)
        }
        return text
    }
}
