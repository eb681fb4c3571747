/// Where a value of a configuration comes from, as an error names it.
public enum ConfigurationPlace: Equatable, Sendable {
    /// A line of a file, counted from 1.
    case file(String, line: Int)
    /// An option as it was typed, for example `--set training.batch=0`.
    case option(String)
    /// The built-in default, or a value set by a program.
    case builtIn

    /// The same file at another line; `self` for places that have no lines.
    func moved(to line: Int?) -> ConfigurationPlace {
        guard case .file(let path, _) = self, let line else { return self }
        return .file(path, line: line)
    }

    /// Whether positions inside of the text mean something to the user.
    var hasLines: Bool {
        if case .file = self { true } else { false }
    }

    /// What an error begins with.
    var prefix: String {
        switch self {
        case .file(let path, let line): "\(path):\(line): "
        case .option(let option): "\(option): "
        case .builtIn: ""
        }
    }
}

/// What can be wrong with a configuration. Each description is one sentence: where, what, and what to do.
public enum ConfigurationError: Error, Equatable {
    /// The file does not hold UTF-8 text.
    case notUTF8(file: String)
    /// The text is not YAML. The column counts from 1 and is nil for an option.
    case syntax(place: ConfigurationPlace, column: Int?, problem: String)
    /// A section holds a key twice; the place is that of the first.
    case duplicateKey(place: ConfigurationPlace, key: String)
    /// No such key in the section (empty for the top level); `suggestion` is the nearest key, if one is near, and
    /// `keys` are those of the section.
    case unknownKey(place: ConfigurationPlace, key: String, section: String, suggestion: String?, keys: [String])
    /// The value is of another kind than the key takes.
    case wrongType(place: ConfigurationPlace, key: String, expected: String, found: String)
    /// The value is none of the texts that the key takes.
    case notOneOf(place: ConfigurationPlace, key: String, found: String, choices: [String])
    /// The value is of the right kind, but outside of the range, or at odds with other values; `requirement` reads
    /// after "but".
    case outOfRange(place: ConfigurationPlace, key: String, value: String, requirement: String)
    /// An assignment that is not of the form `key.path=value`.
    case notAnAssignment(option: String)
}

extension ConfigurationError: CustomStringConvertible {
    /// One sentence for the user.
    public var description: String {
        switch self {
        case .notUTF8(let file):
            return "\(file): cannot read the configuration: it is not a UTF-8 text"
        case .syntax(let place, let column, let problem):
            let position = column.map { " at column \($0)" } ?? ""
            return "\(place.prefix)not valid YAML\(position): \(problem)"
        case .duplicateKey(let place, let key):
            return "\(place.prefix)key '\(key)' is given more than once, first here; keep one of them"
        case .unknownKey(let place, let key, let section, let suggestion, let keys):
            let home = section.isEmpty ? "" : " in \(section)"
            let advice = suggestion.map { "did you mean '\($0)'?" } ?? "the keys are \(keys.joined(separator: ", "))"
            return "\(place.prefix)unknown key '\(key)'\(home); \(advice)"
        case .wrongType(let place, let key, let expected, let found):
            let subject = key.isEmpty ? "" : "\(key): "
            return "\(place.prefix)\(subject)expected \(expected), found \(found)"
        case .notOneOf(let place, let key, let found, let choices):
            let suggestion = nearest(to: found, among: choices).map { "; did you mean '\($0)'?" } ?? ""
            return "\(place.prefix)\(key): '\(found)' is none of \(choices.joined(separator: ", "))\(suggestion)"
        case .outOfRange(let place, let key, let value, let requirement):
            return "\(place.prefix)\(key) is \(value), but \(requirement)"
        case .notAnAssignment(let option):
            return "\(option): expected key.path=value, for example training.batch=4"
        }
    }
}
