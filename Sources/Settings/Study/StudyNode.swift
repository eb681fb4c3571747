import Yams

/// A part of a study's file, and where it stands.
struct StudyNode {
    let node: Node
    /// What errors call it: its key.
    let key: String
    let place: ConfigurationPlace

    /// - Parameter place: of what it stands in; its own line is used where it has one.
    init(_ node: Node, key: String, _ place: ConfigurationPlace) {
        self.node = node
        self.key = key
        self.place = place.moved(to: node.mark?.line)
    }

    /// The values of a section by their keys.
    ///
    /// - Parameters:
    ///   - home: what the section is, as it reads after "a key of".
    ///   - keys: those that it may have.
    func entries(of home: String, keys: [String]) throws -> [String: StudyNode] {
        var entries: [String: StudyNode] = [:]
        for (name, value) in try named() {
            guard keys.contains(name) else {
                throw ConfigurationError.unknownKey(
                    place: value.place, key: name, section: home, suggestion: nearest(to: name, among: keys),
                    keys: keys)
            }
            entries[name] = value
        }
        return entries
    }

    /// The values of a section with their names, in order.
    func named() throws -> [(name: String, value: StudyNode)] {
        guard let mapping = node.mapping else { throw unexpected("a section") }
        return mapping.map { name, value in
            let text = name.string ?? name.foundText
            return (text, StudyNode(value, key: text, place.moved(to: name.mark?.line)))
        }
    }

    /// The items of a list.
    func list() throws -> [StudyNode] {
        guard let sequence = node.sequence else { throw unexpected("a list") }
        return sequence.map { StudyNode($0, key: key, place) }
    }

    /// A text, a number or a word, as it is written.
    func text() throws -> String {
        guard let scalar = node.scalar, node.null == nil else { throw unexpected("a text") }
        return scalar.string
    }

    /// An error about the value.
    func unexpected(_ expectation: String, found: String? = nil) -> ConfigurationError {
        .unexpectedValue(
            place: place, key: key, expected: expectation, found: found ?? node.foundText, advice: nil)
    }

    /// An error about a key that has to be there.
    func missing(_ name: String, of home: String) -> ConfigurationError {
        .unexpectedValue(
            place: place, key: key, expected: "the key '\(name)' in \(home)", found: "none", advice: nil)
    }
}
