import Reports
import Settings

/// Which trials of a study one start takes up.
public struct TrialSelection: Equatable, Sendable {
    /// `axis=level` or `seed=n`; a trial must fit one of those that name the same axis, for each axis named.
    public var only: [String] = []
    /// The i-th of n shares, i from 1, of an array of jobs; nil: all.
    public var shard: Shard?

    /// A share of the trials.
    public struct Shard: Equatable, Sendable {
        let index: Int
        let count: Int

        /// What `2/8` means; nil when it is no share.
        public init?(_ text: String) {
            let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
            guard numbers.count == 2, let index = numbers[0], let count = numbers[1], 1...100_000 ~= count,
                1...count ~= index
            else { return nil }
            (self.index, self.count) = (index, count)
        }
    }

    /// All of them.
    public init() {}

    /// The trials that this start takes up, in their order.
    ///
    /// - Throws: `TrialSelectionError`.
    func selected(of trials: [Trial], axes: [StudyAxis]) throws(TrialSelectionError) -> [Trial] {
        var wanted: [String: Set<String>] = [:]
        for item in only {
            let parts = item.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw .noAssignment(item) }
            let known =
                parts[0] == "seed"
                ? Set(trials.map { "\($0.seed)" })
                : Set(axes.first { $0.name == parts[0] }?.levels.map(\.label) ?? [])
            guard !known.isEmpty else { throw .noAxis(item, axes: axes.map(\.name) + ["seed"]) }
            guard known.contains(parts[1]) else {
                let order = axes.first { $0.name == parts[0] }?.levels.map(\.label)
                throw .noLevel(item, levels: order ?? trials.map { "\($0.seed)" }.uniqued)
            }
            wanted[parts[0], default: []].insert(parts[1])
        }
        let chosen = trials.filter { trial in
            let labels = Dictionary(
                uniqueKeysWithValues: zip(axes.map(\.name), trial.levels) + [("seed", "\(trial.seed)")])
            return wanted.allSatisfy { axis, levels in labels[axis].map(levels.contains) ?? false }
        }
        guard let shard else { return chosen }
        return chosen.indices.filter { $0 % shard.count == shard.index - 1 }.map { chosen[$0] }
    }
}

extension Array where Element: Hashable {
    /// Each element once, in the order in which they first come.
    fileprivate var uniqued: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

/// What can be wrong with `--only`.
enum TrialSelectionError: Error, Equatable, CustomStringConvertible {
    case noAssignment(String)
    case noAxis(String, axes: [String])
    case noLevel(String, levels: [String])

    var description: String {
        switch self {
        case .noAssignment(let item): "--only \(item): expected axis=level, for example norm=bn"
        case .noAxis(let item, let axes): "--only \(item): expected one of the axes \(axes.joined(separator: ", "))"
        case .noLevel(let item, let levels): "--only \(item): expected one of \(levels.joined(separator: ", "))"
        }
    }
}
