import Catalogues
import Foundation
import Yams

extension Section {
    /// The section as YAML, keys in the order of declaration; nil is written as `null`, since leaving the key out would
    /// mean the default.
    var node: Node {
        let pairs: [(Node, Node)] = entries.map { name, entry in
            switch entry {
            case .section(let section): (Node(name), section.node)
            case .key(let key): (Node(name), key.value.node)
            }
        }
        return Node(pairs)
    }

    /// The lines of a file that explains each key. `prefix` is the section's path with a dot behind it.
    fileprivate func commentedLines(under prefix: String, indent: Int) -> [String] {
        entries.flatMap { name, entry in
            let path = prefix + name
            let start = String(repeating: " ", count: indent) + "\(name):"
            switch entry {
            case .section(let section):
                return ["", start] + section.commentedLines(under: path + ".", indent: indent + 2)
            case .key(let key):
                guard let declaration = Configuration.key(path) else { preconditionFailure("\(path) is undeclared") }
                return CommentedFile.lines("\(start) \(key.value.line)", indent: indent, declaration.comment)
            }
        }
    }
}

extension Configuration {
    /// The whole configuration as YAML, every value written out, in an order that never changes.
    ///
    /// Reading it back with `ConfigurationDraft(yaml:file:)` gives an equal configuration.
    public func yaml() throws -> String {
        try Yams.serialize(node: node, allowUnicode: true)
    }

    /// The whole configuration as a file that explains each key, at most 100 columns wide where the values allow it.
    public var commentedYAML: String {
        let head = """
            # A configuration of normtrain: with the seed in it, it decides every bit of a run's result.
            # `normtrain config` prints the built-in one. A file for --config needs only the lines that
            # differ from that.
            """
        return ([head, ""] + commentedLines(under: "", indent: 0)).joined(separator: "\n") + "\n"
    }

    /// The options that stand for keys, as a table in Markdown with a header.
    public static var optionTable: String {
        let rows = keys.compactMap { key in
            key.option.map { option in
                let meaning = [key.documentation, key.requirement].compactMap { $0 }.joined(separator: " ")
                let standard = key.standard.isNull ? key.defaultText : "`\(key.defaultText)`"
                return "| `--\(option)` | `\(key.path)` | \(meaning) | \(standard) |"
            }
        }
        return (["| option | key | meaning | default |", "|---|---|---|---|"] + rows).joined(separator: "\n") + "\n"
    }
}

extension KeyDeclaration {
    /// What a file says of the key: text to be wrapped, then a line for each choice.
    fileprivate var comment: (text: String, choices: [Choice]) {
        // A list has the choices of another key, which stand there.
        let listsChoices = !choices.isEmpty && !isList
        if listsChoices { return (documentation, choices + (null.map { [("null", $0)] } ?? [])) }
        let sentences = [documentation, requirement, null.map { "null: \($0)." }]
        return (sentences.compactMap { $0 }.joined(separator: " "), [])
    }
}

/// How a file is laid out that explains its keys: comments stand beside the values, in a column of their own.
private enum CommentedFile {
    static let width = 100
    static let column = 30

    /// The lines of a key: the comment beside it or, where the value is long, above it.
    static func lines(_ assignment: String, indent: Int, _ comment: (text: String, choices: [Choice])) -> [String] {
        let isBeside = assignment.count + 2 <= column
        let start = isBeside ? column : indent
        let lines = commentLines(comment, width: width - start - 2).map { "# \($0)" }
        guard isBeside else { return lines.map { spaces(indent) + $0 } + [assignment] }
        return lines.enumerated().map { number, line in
            (number == 0 ? assignment + spaces(column - assignment.count) : spaces(column)) + line
        }
    }

    private static func commentLines(_ comment: (text: String, choices: [Choice]), width: Int) -> [String] {
        let nameWidth = comment.choices.map(\.name.count).max() ?? 0
        return wrapped(comment.text, width: width)
            + comment.choices.flatMap { name, summary in
                wrapped(summary, width: width - nameWidth - 4).enumerated().map { number, line in
                    let title = number == 0 ? name : ""
                    return "  " + title + spaces(nameWidth + 2 - title.count) + line
                }
            }
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }

    /// A text as lines of at most `width` columns, broken between words.
    private static func wrapped(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
