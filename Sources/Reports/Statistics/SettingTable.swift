/// Settings as a study ends with them: mean error, deviation and interval over seeds; at most 100 columns wide.
public struct SettingTable: CustomStringConvertible {
    let summaries: [SettingSummary]

    /// - Parameter summaries: a row each.
    public init(_ summaries: [SettingSummary]) {
        self.summaries = summaries
    }

    /// The table.
    public var description: String {
        let rows = summaries.map { summary in
            let interval = summary.interval95.map {
                "\(shown(points: $0.lowerBound)) to \(shown(points: $0.upperBound))"
            }
            return [
                oneLine(summary.name, room: 50), String(summary.seeds),
                summary.meanPercent.map { shown(points: $0) } ?? "", summary.deviation.map { shown(points: $0) } ?? "",
                interval ?? "",
            ]
        }
        let header = ["setting", "seeds", "test error %", "deviation", "95% interval"]
        return TextTable(header: header, rows: rows, names: 1).description
    }
}
