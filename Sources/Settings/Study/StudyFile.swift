import Catalogues
import Files
import Yams

/// A file that describes a study: its keys, and what they may hold.
public struct StudyFile: Codable, Sendable {
    /// The name that errors give to it.
    public let path: String
    /// Its text.
    public let text: String
    /// The configuration in the file that `base` names; nil where `base` is a section, or missing.
    public let base: BaseFile?

    /// A configuration in a file of its own.
    public struct BaseFile: Codable, Sendable {
        let path: String
        let text: String
    }

    /// Reads a study's file, and the one with its base configuration.
    ///
    /// - Parameter path: `-` is standard input.
    /// - Throws: `FileError`; `ConfigurationError`.
    public init(handedOver path: String) throws {
        try self.init(path: path, text: ConfigurationDraft.text(handedOver: path))
    }

    /// A study's text.
    ///
    /// - Parameter path: the name that errors give to it; the path of a base configuration counts from its folder.
    public init(path: String, text: String) throws {
        (self.path, self.text) = (path, text)
        let place = ConfigurationPlace.file(path, line: 1)
        let root = try parsed(text, place: place) { try Yams.compose(yaml: text) }
        guard let node = root?.mapping?["base"], let name = node.scalar?.string, node.null == nil else {
            base = nil
            return
        }
        let folder = path.contains("/") ? path[...(path.lastIndex(of: "/") ?? path.startIndex)] : ""
        let file = name.hasPrefix("/") ? name : folder + name
        base = BaseFile(path: file, text: try ConfigurationDraft.text(RegularFile.bytes(of: file), file))
    }

    private static let keys = ["name", "question", "base", "axes", "seeds", "contrasts"]

    /// The study that the file describes.
    ///
    /// - Parameter assignments: `key.path=value`, each of which changes the base configuration.
    /// - Throws: `ConfigurationError` naming the line.
    public func design(assignments: [String] = []) throws -> StudyDesign {
        let start = ConfigurationPlace.file(path, line: 1)
        guard let node = try parsed(text, place: start, { try Yams.compose(yaml: text) }) else {
            throw StudyNode(.nothing, key: "", start).unexpected("a study: \(Self.keys.joined(separator: ", "))")
        }
        let root = StudyNode(node, key: "", start)
        let entries = try root.entries(of: "a study", keys: Self.keys)
        var base = try base(entries["base"])
        for assignment in assignments { try base.set(assignment) }
        guard let axesNode = entries["axes"] else { throw root.missing("axes", of: "a study") }
        let axes = try axesNode.named().map { name, node in try StudyAxis(name, node) }
        let design = StudyDesign(
            name: try entries["name"]?.text() ?? ownName, question: try entries["question"]?.text() ?? "",
            base: base, axes: axes, seeds: try entries["seeds"]?.seeds() ?? Array(1...StudyDesign.standardSeeds),
            contrasts: try entries["contrasts"]?.list().map { try StudyContrast($0, axes: axes) } ?? [])
        try requireDistinctNames(design, entries["contrasts"] ?? root)
        return design
    }

    /// The file's name without its ending.
    private var ownName: String {
        let last = path.split(separator: "/").last.map(String.init) ?? "study"
        let name = last.split(separator: ".").first.map(String.init) ?? last
        return name == "-" ? "study" : name
    }

    private func base(_ node: StudyNode?) throws -> ConfigurationDraft {
        if let base { return try ConfigurationDraft(yaml: base.text, file: base.path) }
        var draft = ConfigurationDraft()
        guard let node, node.node.null == nil else { return draft }
        try draft.overlay(node.node, place: node.place)
        if draft.place(of: "seed") != .builtIn {
            throw node.unexpected("a configuration without 'seed', since the key 'seeds' has the seeds of a study")
        }
        return draft
    }

    private func requireDistinctNames(_ design: StudyDesign, _ node: StudyNode) throws {
        let names = design.contrasts.map(\.name)
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw node.unexpected("contrasts with a name each", found: "'\(twice)' twice")
        }
    }
}

extension StudyNode {
    /// The seeds 1 to n of a number n, or those of a list.
    fileprivate func seeds() throws -> [Int] {
        let expectation = "how many seeds, from 1 to 1000, or a list of different seeds from 0"
        if let count = Int.value(of: node) {
            guard 1...1000 ~= count else { throw unexpected(expectation) }
            return Array(1...count)
        }
        let seeds = try list().map { item in
            guard let seed = Int.value(of: item.node), seed >= 0 else { throw item.unexpected("a seed, from 0") }
            return seed
        }
        guard !seeds.isEmpty, Set(seeds).count == seeds.count else { throw unexpected(expectation) }
        return seeds
    }
}
