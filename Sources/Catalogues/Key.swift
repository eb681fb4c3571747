/// Declares a key of the configuration, once and for all: what it means, what it may be, and its option.
///
/// It stands where the value is used. The key's name is that of the property, and its type decides which values it takes.
/// A value that was read from a file knows nothing of its declaration: that is always taken from the built-in
/// configuration.
@propertyWrapper
public struct Key<Value: Codable & Equatable & Sendable>: Codable, Equatable, Sendable {
    /// The value.
    public var wrappedValue: Value
    /// All that is known of the key; nil for a value that was read from a file.
    public let declaration: KeyDeclaration?

    /// - Parameters:
    ///   - wrappedValue: the built-in default.
    ///   - documentation: one or more sentences of plain text; `--help` shows the first.
    ///   - bounds: what a number must keep to.
    ///   - choices: the names that a text may be; empty where the type knows them, or where any text will do.
    ///   - null: what `null` means, for an optional value.
    ///   - option: the option of the command line, without its dashes; nil for a key that only `--set` sets.
    ///   - valueName: what help calls the option's value; nil for a name after the kind of value.
    public init(
        wrappedValue: Value, _ documentation: String, _ bounds: Bound..., choices: [Choice] = [], null: String? = nil,
        option: String? = nil, valueName: String? = nil
    ) {
        self.wrappedValue = wrappedValue
        declaration = KeyDeclaration(
            builtIn: wrappedValue, documentation: documentation, bounds: bounds, listedChoices: choices, null: null,
            option: option, givenValueName: valueName)
    }

    /// Reads the value alone.
    public init(from decoder: any Decoder) throws {
        wrappedValue = try decoder.singleValueContainer().decode(Value.self)
        declaration = nil
    }

    /// Writes the value alone.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue)
    }

    /// Whether the values are equal.
    public static func == (first: Key, second: Key) -> Bool { first.wrappedValue == second.wrappedValue }
}

/// A name that a key may have, and what it means in one line.
public typealias Choice = (name: String, summary: String)

extension Sequence {
    /// The names of a catalogue, for a key that chooses from it.
    public func choices<Settings, Product>() -> [Choice] where Element == Definition<Settings, Product> {
        map { ($0.name, $0.summary) }
    }
}

/// What a number must keep to.
public enum Bound: Sendable {
    /// This or more.
    case from(Double)
    /// More than this.
    case above(Double)
    /// This or less.
    case upTo(Double)
    /// Less than this.
    case below(Double)

    /// Whether a number keeps to it.
    public func contains(_ number: Double) -> Bool {
        switch self {
        case .from(let least): number >= least
        case .above(let limit): number > limit
        case .upTo(let most): number <= most
        case .below(let limit): number < limit
        }
    }
}

/// All that is known of a key.
public struct KeyDeclaration: Sendable {
    /// The names of its sections and its own, with dots between them: `training.batch`.
    public fileprivate(set) var path = ""
    /// The built-in default.
    public let builtIn: any Codable & Sendable
    /// One or more sentences.
    public let documentation: String
    /// What a number must keep to.
    public let bounds: [Bound]
    /// The names that were listed for it; empty where the type knows them, or where any text will do.
    public let listedChoices: [Choice]
    /// What `null` means; nil for a key that has no `null`.
    public let null: String?
    /// The option of the command line, without its dashes.
    public let option: String?
    /// What help calls the option's value, where that was said.
    public let givenValueName: String?
}

/// A part of the configuration: a struct whose stored properties are keys, or further sections.
///
/// The keys, their order and their declarations are read from the struct itself by reflection, so that nothing else
/// lists them.
public protocol Section: Codable, Equatable, Sendable {
    /// The built-in default.
    init()
}

/// What a name in a section stands for.
public enum SectionEntry {
    /// A section within the section.
    case section(any Section)
    /// A key.
    case key(any DeclaredKey)
}

/// A `Key` of any type.
public protocol DeclaredKey {
    /// All that is known of it; nil for a value that was read from a file.
    var declaration: KeyDeclaration? { get }
    /// The value, of whatever type.
    var anyValue: any Codable & Sendable { get }
}

extension Key: DeclaredKey {
    /// The value, of whatever type.
    public var anyValue: any Codable & Sendable { wrappedValue }
}

extension Section {
    /// What stands in this section, in the order of declaration.
    public var entries: [(name: String, entry: SectionEntry)] {
        Mirror(reflecting: self).children.map { child in
            // A wrapped property is stored under its name with an underscore.
            let name = child.label.map { String($0.drop { $0 == "_" }) } ?? ""
            switch child.value {
            case let section as any Section: return (name, .section(section))
            case let key as any DeclaredKey: return (name, .key(key))
            default: preconditionFailure("\(Self.self).\(name) is neither a key nor a section")
            }
        }
    }

    /// The declarations of all keys, each with its path under `prefix`; of a section that was not read from a file.
    public func declarations(under prefix: String = "") -> [KeyDeclaration] {
        entries.flatMap { name, entry in
            switch entry {
            case .section(let section):
                return section.declarations(under: prefix + name + ".")
            case .key(let key):
                guard var declaration = key.declaration else { return [] }
                declaration.path = prefix + name
                return [declaration]
            }
        }
    }
}
