import Catalogues

extension Configuration {
    /// Each key whose value is not the built-in one, as `key.path: value`, sorted.
    public var changes: [String] { changedLines(from: Configuration(), under: "").sorted() }
}

extension Section {
    /// `prefix` is the section's path with a dot behind it.
    fileprivate func changedLines(from builtIn: any Section, under prefix: String) -> [String] {
        zip(entries, builtIn.entries).flatMap { own, other -> [String] in
            switch (own.entry, other.entry) {
            case (.section(let section), .section(let builtIn)):
                return section.changedLines(from: builtIn, under: prefix + own.name + ".")
            case (.key(let key), .key(let builtIn)):
                let (line, standard) = (key.value.line, builtIn.value.line)
                return line == standard ? [] : ["\(prefix)\(own.name): \(line)"]
            default:
                preconditionFailure("\(prefix)\(own.name) is a key or a section, depending on its value")
            }
        }
    }
}
