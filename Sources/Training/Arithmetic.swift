import OneDNN

/// What decides the bits of a computation beside its configuration: equal inputs give equal bits only where all of it is
/// equal.
public struct Arithmetic: Codable, Equatable, Sendable {
    /// The vector instructions that oneDNN computes with, such as `AVX2`.
    public let instructionSet: String
    /// oneDNN's version and commit.
    public let oneDNN: String
    /// Its environment variables that are set, as `NAME=value`, in the order of their names.
    public let environment: [String]

    /// Spelt so that the snake case of JSON files leads back to them.
    private enum CodingKeys: String, CodingKey {
        case instructionSet, environment
        case oneDNN = "onednn"
    }

    /// An arithmetic by its parts.
    public init(instructionSet: String, oneDNN: String, environment: [String]) {
        self.instructionSet = instructionSet
        self.oneDNN = oneDNN
        self.environment = environment
    }

    /// That of this process; asking makes oneDNN choose its instructions.
    public static var inUse: Arithmetic {
        Arithmetic(
            instructionSet: InstructionSet.currentName, oneDNN: OneDNNLibrary.version,
            environment: OneDNNLibrary.environment.map { "\($0.name)=\($0.value)" })
    }

    /// The first part that is another than before, in words; nil when all is equal.
    public func difference(from other: Arithmetic) -> (inUse: String, before: String)? {
        if instructionSet != other.instructionSet { return (instructionSet, other.instructionSet) }
        if oneDNN != other.oneDNN { return ("oneDNN \(oneDNN)", "oneDNN \(other.oneDNN)") }
        if environment != other.environment { return (environmentText, other.environmentText) }
        return nil
    }

    /// The variables in words.
    public var environmentText: String {
        environment.isEmpty ? "none of oneDNN's variables set" : environment.joined(separator: " ")
    }
}

extension InstructionSet {
    /// What oneDNN computes with in this process.
    public static var currentName: String {
        guard let name = current?.description else { return "an instruction set unknown to normtrain" }
        return name.split(separator: "_").dropFirst(2).joined(separator: "_").uppercased()
    }
}
