import Yams

extension StudyAxis {
    /// An axis as a study's file has it: each of its keys with as many values, `labels` where the values of the first are
    /// not what people should read, and a `title` where the name is not.
    init(_ name: String, _ node: StudyNode) throws {
        let entries = try node.named()
        let labels = try entries.first { $0.name == "labels" }?.value.list().map { try $0.text() }
        let title = try entries.first { $0.name == "title" }?.value.text()
        let keys = entries.filter { $0.name != "labels" && $0.name != "title" }
        guard let first = keys.first else {
            throw node.unexpected("a key of the configuration with its values, such as training.batch: [2, 32]")
        }
        let values = try keys.map { key, node in (key, try Self.values(of: key, node)) }
        let count = try first.value.list().count
        for (key, list) in values where list.count != count {
            throw node.unexpected(
                "as many values for each key", found: "\(count) of \(first.name) and \(list.count) of \(key)")
        }
        let names = try labels ?? first.value.list().map { $0.node.scalar?.string ?? $0.node.line }
        guard names.count == count else {
            throw node.unexpected("as many labels as values", found: "\(names.count) of \(count)")
        }
        guard Set(names).count == names.count else {
            throw node.unexpected("values that differ in the first key, or 'labels' that do")
        }
        self.init(
            name: name, title: title, keys: keys.map(\.name),
            levels: names.indices.map { index in
                StudyLevel(
                    label: names[index],
                    settings: values.map { StudySetting(key: $0, node: $1[index].node, place: $1[index].place) })
            })
    }

    private static func values(of key: String, _ node: StudyNode) throws -> [StudyNode] {
        guard key != "seed", key != "instructionSet" else {
            throw node.unexpected(
                key == "seed" ? "seeds under the key 'seeds'" : "one instruction set for all trials, in 'base'",
                found: "an axis of them")
        }
        guard Configuration.key(key) != nil else {
            let keys = Configuration.keys.map(\.path)
            throw ConfigurationError.unknownKey(
                place: node.place, key: key, section: "the configuration",
                suggestion: nearest(to: key, among: keys) ?? nearest(to: key, among: keys) { lastName(of: $0) },
                keys: keys)
        }
        let values = try node.list()
        guard !values.isEmpty else { throw node.unexpected("one value or more") }
        return values
    }
}

private func lastName(of key: String) -> String { key.split(separator: ".").last.map(String.init) ?? key }

extension StudyContrast {
    private static let keys = ["name", "first", "second", "at", "claim", "margin", "score", "source"]

    /// A contrast as a study's file has it.
    init(_ node: StudyNode, axes: [StudyAxis]) throws {
        let entries = try node.entries(of: "a contrast", keys: Self.keys)
        let common = try entries["at"].map { try Self.levels($0, axes) } ?? [:]
        let sides = try ["first", "second"].map { side in
            guard let own = entries[side] else { throw node.missing(side, of: "a contrast") }
            let levels = try Self.levels(own, axes).merging(common) { own, _ in own }
            return try axes.map { axis in
                if let label = levels[axis.name] { return label }
                guard axis.levels.count == 1, let only = axis.levels.first else {
                    throw own.unexpected(
                        "a level of each axis, there or under 'at'", found: "none of '\(axis.name)'")
                }
                return only.label
            }
        }
        guard sides[0] != sides[1] else { throw node.unexpected("two settings that differ", found: "the same twice") }
        self.init(
            name: try entries["name"]?.text() ?? Self.name(sides, axes), first: sides[0], second: sides[1],
            score: try entries["score"]?.text() ?? Self.standardScore,
            claim: try entries["claim"].map { try Self.claim($0, margin: entries["margin"]) },
            source: try entries["source"]?.text() ?? "")
        if let margin = entries["margin"], claim.map({ if case .equivalent = $0 { true } else { false } }) != true {
            throw margin.unexpected("no margin, unless the claim is 'equivalent'")
        }
    }

    private static func levels(_ node: StudyNode, _ axes: [StudyAxis]) throws -> [String: String] {
        let entries = try node.entries(of: "the axes", keys: axes.map(\.name))
        var levels: [String: String] = [:]
        for axis in axes {
            guard let value = entries[axis.name] else { continue }
            let label = try value.text()
            let labels = axis.levels.map(\.label)
            guard labels.contains(label) else { throw value.unexpected("one of \(labels.joined(separator: ", "))") }
            levels[axis.name] = label
        }
        return levels
    }

    private static func claim(_ node: StudyNode, margin: StudyNode?) throws -> StudyClaim {
        switch try node.text() {
        case "higher": return .higher
        case "lower": return .lower
        case "identical": return .identical
        case "equivalent":
            guard let margin else { throw node.missing("margin", of: "a contrast whose claim is 'equivalent'") }
            guard let points = Double.value(of: margin.node), points > 0 else {
                throw margin.unexpected("a number of percentage points above 0")
            }
            return .equivalent(margin: points)
        default:
            throw node.unexpected("one of higher, lower, equivalent, identical: what the first errs beside the second")
        }
    }

    /// `norm: bn against syncbn, batch=2`.
    private static func name(_ sides: [[String]], _ axes: [StudyAxis]) -> String {
        let different = axes.indices.filter { sides[0][$0] != sides[1][$0] }
        let same = axes.indices.filter { sides[0][$0] == sides[1][$0] && axes[$0].levels.count > 1 }
        let sideNames = sides.map { side in different.map { side[$0] }.joined(separator: " ") }
        let rest = same.map { ", \(axes[$0].name)=\(sides[0][$0])" }.joined()
        return "\(sideNames[0]) against \(sideNames[1])\(rest)"
    }
}

extension Node {
    /// The node on a single line.
    fileprivate var line: String {
        let text = try? Yams.serialize(node: self, width: -1, allowUnicode: true)
        return text?.split(separator: "\n").first.map(String.init) ?? ""
    }
}
