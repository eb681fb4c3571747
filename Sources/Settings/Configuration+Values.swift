import Catalogues

extension Configuration {
    /// The keys that options of a command stand for, with the values that they have here, as a file has them; in words
    /// where a value is null.
    public func optionValues(of command: Command) -> [(key: String, value: String)] {
        let unused = command == .compare ? "normalization.norm" : "compare.norms"
        return values(under: "").filter { $0.declaration.option != nil && $0.declaration.path != unused }.map {
            declaration, value in
            (declaration.path, value.isNull ? declaration.null ?? "null" : value.line)
        }
    }
}

extension Section {
    /// The declaration and the value of each key, in order. `prefix` is the section's path with a dot behind it.
    fileprivate func values(under prefix: String) -> [(declaration: KeyDeclaration, value: any KeyValue)] {
        entries.flatMap { name, entry in
            switch entry {
            case .section(let section): section.values(under: prefix + name + ".")
            case .key(let key): Configuration.key(prefix + name).map { [($0, key.value)] } ?? []
            }
        }
    }
}
