import Foundation

/// Where the time of a step goes, layer by layer, as means over ranks and steps; at most 100 columns wide.
public struct ProfileTable: CustomStringConvertible {
    /// Of which run.
    let title: String
    /// Of each rank, in their order.
    let profiles: [RankProfile]

    /// - Parameters:
    ///   - title: of which run.
    ///   - profiles: of each rank, in their order.
    public init(title: String, profiles: [RankProfile]) {
        self.title = title
        self.profiles = profiles
    }

    private static let header = [
        "layer", "forward", "backward", "other", "waiting", "moving", "%", "bytes", "messages", "last rank",
    ]
    private static let longestName = 15

    /// The table, and what its columns mean.
    public var description: String {
        let rows = profiles[0].layers.indices.map { layer in cells(of: profiles.map { $0.layers[layer] }) }
        let table = TextTable(header: Self.header, rows: rows + [rest, sums], names: 1)
        return "\(heading)\n\n\(table)\n\n\(wrapped(explanation))"
    }

    private var heading: String {
        let profile = profiles[0]
        return wrapped(
            "\(title), \(counted(profile.steps, "step")) after \(profile.warmUpSteps) of warm-up, "
                + "\(counted(profiles.count, "rank")): milliseconds, bytes and messages a step, mean over the ranks")
    }

    private var explanation: String {
        let clocks = profiles.map(\.clockErrorSeconds).max() ?? 0
        let accuracy =
            profiles.count == 1
            ? "" : String(format: " The ranks' clocks agree within %.0f µs.", (clocks * 1e6).rounded(.up))
        return "waiting: until the last rank had come to a collective; moving: from then on; last rank: the one that "
            + "came last most often, and how often. Moments are taken within the convolution." + accuracy
    }

    private func cells(of layers: [LayerProfile]) -> [String] {
        let name = layers[0].name
        let isLong = name.count > Self.longestName
        return [
            isLong ? name.prefix(Self.longestName - 1) + "…" : name,
            milliseconds(layers.map(\.forwardSeconds)), milliseconds(layers.map(\.backwardSeconds)),
            milliseconds(layers.map(\.otherSeconds)), milliseconds(layers.map(\.waitingSeconds)),
            milliseconds(layers.map(\.movingSeconds)), share(layers.map(\.seconds)),
            figure(aStep(layers.map { Double($0.bytes) })), figure(aStep(layers.map { Double($0.messages) })),
            mostOftenLast(layers[0].lastCounts),
        ]
    }

    /// What no row covers.
    private var rest: [String] {
        let seconds = profiles.map { profile in profile.seconds - profile.layers.reduce(0.0) { $0 + $1.seconds } }
        return ["in no row", "", "", milliseconds(seconds), "", "", share(seconds), "", "", ""]
    }

    private var sums: [String] {
        func sum(_ part: (LayerProfile) -> Double) -> [Double] {
            profiles.map { $0.layers.reduce(0.0) { $0 + part($1) } }
        }
        let outside = zip(profiles, sum(\.seconds)).map { $0.seconds - $1 }
        let others = zip(sum(\.otherSeconds), outside).map { $0 + $1 }
        let lastCounts = profiles.indices.map { rank in profiles[0].layers.reduce(0) { $0 + $1.lastCounts[rank] } }
        return [
            "whole step", milliseconds(sum(\.forwardSeconds)), milliseconds(sum(\.backwardSeconds)),
            milliseconds(others), milliseconds(sum(\.waitingSeconds)), milliseconds(sum(\.movingSeconds)),
            share(profiles.map(\.seconds)), figure(aStep(sum { Double($0.bytes) })),
            figure(aStep(sum { Double($0.messages) })), mostOftenLast(lastCounts),
        ]
    }

    private func aStep(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(profiles.count * max(1, profiles[0].steps))
    }

    private func milliseconds(_ seconds: [Double]) -> String {
        let value = 1000 * aStep(seconds)
        if value == 0 { return "" }
        return String(format: value < 100 ? "%.3f" : value < 10000 ? "%.1f" : "%.0f", value)
    }

    private func share(_ seconds: [Double]) -> String {
        let whole = profiles.reduce(0) { $0 + $1.seconds }
        return whole > 0 ? String(format: "%.1f", 100 * seconds.reduce(0, +) / whole) : ""
    }

    private func figure(_ value: Double) -> String {
        if value == 0 { return "" }
        return String(format: value == value.rounded() ? "%.0f" : "%.1f", value)
    }

    private func mostOftenLast(_ counts: [Int]) -> String {
        let most = counts.max() ?? 0
        guard most > 0, profiles.count > 1, let rank = counts.firstIndex(of: most) else { return "" }
        return String(format: "%d (%.0f%%)", rank, 100 * Double(most) / Double(counts.reduce(0, +)))
    }
}
