import ArgumentParser
import Catalogues
import Settings

/// Which keys of the configuration a command has options for.
protocol KeySelection {
    /// Their paths; each has an option.
    static var keys: [String] { get }
    /// What the command does without the option of a key, as help tells it.
    static func defaultText(of key: KeyDeclaration) -> String
}

extension KeySelection {
    static func defaultText(of key: KeyDeclaration) -> String { key.defaultText }

    /// Those with an option, without the given ones.
    static func all(without excluded: Set<String> = []) -> [String] {
        Configuration.keys.filter { $0.option != nil && !excluded.contains($0.path) }.map(\.path)
    }
}

extension KeyDeclaration {
    /// What a shell offers for the option's value.
    fileprivate var completion: CompletionKind {
        switch valueName {
        case "folder": .directory
        case "file": .file()
        // A form such as ghost:n is no value yet.
        default: .list(choices.map(\.name).filter { !$0.contains(":") })
        }
    }
}

/// The options that stand for keys of the configuration, made from the keys' declarations.
///
/// ArgumentParser finds the options of a type in the mirror of a fresh instance, and reads their values back through
/// `init(from:)`, each under its label. So a mirror that is made up can list options that no property declares, and a
/// new key needs no line here. Values are taken as text: a wrong one is refused in the same words wherever it comes from.
struct KeyOptions<Keys: KeySelection>: ParsableArguments, CustomReflectable {
    /// The options that were given, in the order of declaration.
    private(set) var given: [KeyOption] = []

    init() {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Label.self)
        given = try Self.declarations.compactMap { key in
            let option = try container.decode(Option<String?>.self, forKey: Label(stringValue: key.path))
            return option.wrappedValue.map { KeyOption(key, value: $0) }
        }
    }

    var customMirror: Mirror {
        let options = Self.declarations.map { key in
            let help = ArgumentHelp(
                key.help(defaultText: Keys.defaultText(of: key)), valueName: key.valueName)
            let option = Option<String?>(
                name: .customLong(key.option ?? key.path), help: help, completion: key.completion)
            return (label: key.path, value: option as Any)
        }
        return Mirror(self, children: options)
    }

    private static var declarations: [KeyDeclaration] {
        let selected = Keys.keys
        for path in selected {
            precondition(Configuration.key(path)?.option != nil, "\(path) is no key with an option")
        }
        return Configuration.keys.filter { selected.contains($0.path) }
    }

    /// A key's path as the label of its option.
    private struct Label: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }

        init?(intValue: Int) { nil }
    }
}
