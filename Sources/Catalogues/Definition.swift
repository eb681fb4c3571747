/// One thing that can be chosen by its name: what it is called, what it is, and how it is made.
///
/// A catalogue is an array of definitions, in the order in which they are listed to users.
public struct Definition<Settings, Product>: Sendable {
    /// What it is called in configurations and on the command line, unique in its catalogue.
    public let name: String
    /// What it is, in a line without a full stop.
    public let summary: String
    /// Makes it from its settings.
    ///
    /// Throws `UnusableSetting`, or an error of the product's own, when that can't be done.
    public let make: @Sendable (Settings) throws -> Product

    /// Something that can be chosen by its name.
    ///
    /// - Parameters:
    ///   - name: what it is called in configurations and on the command line, unique in its catalogue.
    ///   - summary: what it is, in a line without a full stop.
    ///   - make: makes it from its settings; throws when that can't be done.
    public init(_ name: String, _ summary: String, make: @escaping @Sendable (Settings) throws -> Product) {
        self.name = name
        self.summary = summary
        self.make = make
    }
}

extension Sequence {
    /// The definition of that name; nil when there is none.
    public func named<Settings, Product>(_ name: String) -> Definition<Settings, Product>?
    where Element == Definition<Settings, Product> {
        first { $0.name == name }
    }

    /// What the definition of a name makes of settings.
    ///
    /// - Parameter key: the key of the configuration that holds the name.
    /// - Throws: `UnusableSetting` where there is no such name; what making throws.
    public func make<Settings, Product>(_ name: String, of settings: Settings, for key: String) throws -> Product
    where Element == Definition<Settings, Product> {
        guard let definition: Definition<Settings, Product> = named(name) else {
            throw UnusableSetting(
                key: key, value: name, requirement: "one of \(map(\.name).joined(separator: ", "))")
        }
        return try definition.make(settings)
    }
}

/// A value of a configuration's key that what is made of it can't work with.
public struct UnusableSetting: Error, Equatable, CustomStringConvertible {
    /// The key's dotted path, for example `normalization.groups`.
    public let key: String
    /// The value as a configuration writes it; empty for none.
    public let value: String
    /// What the value must be, as it reads after "expected".
    public let requirement: String

    /// A value that can't be used.
    ///
    /// - Parameters:
    ///   - key: the key's dotted path.
    ///   - value: the value as a configuration writes it.
    ///   - requirement: what the value must be, as it reads after "expected".
    public init(key: String, value: String, requirement: String) {
        self.key = key
        self.value = value
        self.requirement = requirement
    }

    /// One sentence without its full stop.
    public var description: String { "\(key) \(value): expected \(requirement)" }
}
