import Yams

/// A struct whose stored properties are keys: further sections, or values.
///
/// The keys, their order and their types are read from the struct itself by reflection. That finds an optional key
/// while it is nil too, which an encoded default would not show.
protocol ConfigurationSection: Codable, Equatable, Sendable {}

/// What a key holds.
enum ConfigurationEntry {
    case section(any ConfigurationSection)
    case value(any ConfigurationValue)
}

extension ConfigurationSection {
    /// The keys with what they hold, in the order of declaration.
    var entries: [(key: String, entry: ConfigurationEntry)] {
        Mirror(reflecting: self).children.map { child in
            guard let key = child.label, let entry = ConfigurationEntry(child.value) else {
                preconditionFailure("\(Self.self).\(child.label ?? "?") is neither a section nor a value")
            }
            return (key, entry)
        }
    }

    /// The section as YAML, keys in the order of declaration; nil is written as `null`, since leaving the key out would
    /// mean the default.
    var node: Node {
        let pairs: [(Node, Node)] = entries.map { key, entry in
            switch entry {
            case .section(let section): (Node(key), section.node)
            case .value(let value): (Node(key), value.node)
            }
        }
        return Node(pairs)
    }

    /// What the key at `path` holds, or nil when there is no such key.
    func entry(at path: some Collection<String>) -> ConfigurationEntry? {
        guard let first = path.first, let entry = entries.first(where: { $0.key == first })?.entry else { return nil }
        let rest = path.dropFirst()
        if rest.isEmpty { return entry }
        guard case .section(let section) = entry else { return nil }
        return section.entry(at: rest)
    }

    /// The dotted paths of all values, each under `prefix`.
    func keyPaths(under prefix: String = "") -> [String] {
        entries.flatMap { key, entry in
            switch entry {
            case .section(let section): section.keyPaths(under: prefix + key + ".")
            case .value: [prefix + key]
            }
        }
    }
}

extension ConfigurationEntry {
    /// `field` is a stored property of a section, as reflection gives it.
    init?(_ field: Any) {
        if let section = field as? any ConfigurationSection {
            self = .section(section)
        } else if let value = field as? any ConfigurationValue {
            self = .value(value)
        } else {
            return nil
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
}
