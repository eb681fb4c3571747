/// Where a value of a configuration comes from, as an error names it.
public enum ConfigurationPlace: Equatable, Sendable {
    /// A line of a file, counted from 1.
    case file(String, line: Int)
    /// An option with the key that it sets and the value as it was typed; `--set` can set any key.
    case option(String, key: String, value: String)
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
        case .option("--set", let key, let value): "--set \(key)=\(value): "
        case .option(let name, _, let value): "\(name) \(value): "
        case .builtIn: ""
        }
    }

    /// Whether whoever reads the place knows the key.
    fileprivate func names(_ key: String) -> Bool {
        if case .option(_, key, _) = self { true } else { false }
    }

    /// Whether whoever reads the place has seen what was found.
    fileprivate func shows(_ found: String) -> Bool {
        if case .option(_, _, let value) = self { found == "'\(value)'" } else { false }
    }
}

/// What can be wrong with a configuration. Each description is one sentence: the place, then what was expected there.
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
    /// The value is none that the key takes, or at odds with other values. `expected` and `found` read after these
    /// words, `advice` after a semicolon.
    case unexpectedValue(place: ConfigurationPlace, key: String, expected: String, found: String, advice: String?)
    /// An assignment that is not of the form `key.path=value`.
    case notAnAssignment(option: String)
}

extension ConfigurationError: CustomStringConvertible {
    /// One sentence for the user.
    public var description: String {
        switch self {
        case .notUTF8(let file):
            return "\(file): expected a configuration file of UTF-8 text"
        case .syntax(let place, let column, let problem):
            let position = column.map { ", found a mistake at column \($0)" } ?? ""
            return "\(place.prefix)expected valid YAML\(position): \(problem)"
        case .duplicateKey(let place, let key):
            return "\(place.prefix)expected the key '\(key)' once, found it more than once, first here"
        case .unknownKey(let place, let key, let section, let suggestion, let keys):
            let home = section.isEmpty ? "the configuration" : section
            let advice = suggestion.map { "did you mean '\($0)'?" } ?? "the keys are \(keys.joined(separator: ", "))"
            return "\(place.prefix)expected a key of \(home), found '\(key)'; \(advice)"
        case .unexpectedValue(let place, let key, let expected, let found, let advice):
            let subject = key.isEmpty || place.names(key) ? "" : "\(key): "
            let finding = place.shows(found) ? "" : ", found \(found)"
            return "\(place.prefix)\(subject)expected \(expected)\(finding)" + (advice.map { "; \($0)" } ?? "")
        case .notAnAssignment(let option):
            return "\(option): expected key.path=value, for example training.batch=4"
        }
    }
}
