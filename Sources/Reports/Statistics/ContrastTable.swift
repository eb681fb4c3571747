/// Contrasts as a study ends with them, at most 100 columns wide.
public struct ContrastTable: CustomStringConvertible {
    let contrasts: [Contrast]

    /// - Parameter contrasts: a row each.
    public init(_ contrasts: [Contrast]) {
        self.contrasts = contrasts
    }

    private static let header = ["contrast", "points", "95% interval", "seeds", "p", "Holm", "max-T", "claim"]
    private static let widestTable = 100

    /// The table, and what its columns mean.
    public var description: String {
        let rows = contrasts.map(cells)
        let widths = Self.header.indices.dropFirst().map { column in
            ([Self.header] + rows).map { $0[column].count }.max() ?? 0
        }
        let room = Self.widestTable - widths.reduce(0) { $0 + $1 + 2 }
        let table = TextTable(
            header: Self.header, rows: rows.map { [oneLine($0[0], room: room)] + $0.dropFirst() }, names: 1)
        return "\(table)\n\n\(wrapped(Self.explanation))"
    }

    private static let explanation =
        "points: wrong test images of the first setting less those of the second, in percent of the test images, mean "
        + "over the seeds, with Student's paired interval; seeds: how many are in favour; p: exact sign flips on counts, "
        + "alone, after Holm, and after step-down max-T over all contrasts."

    private func cells(of contrast: Contrast) -> [String] {
        let interval = contrast.interval95.map {
            "\(shown(points: $0.lowerBound)) to \(shown(points: $0.upperBound))"
        }
        return [
            contrast.name, contrast.mean.map { shown(points: $0) } ?? "", interval ?? "",
            "\(contrast.seedsInFavour)/\(contrast.pairs.count)", contrast.signFlipP.map { shown(p: $0) } ?? "",
            contrast.holmP.map { shown(p: $0) } ?? "", contrast.stepDownP.map { shown(p: $0) } ?? "",
            contrast.outcome?.rawValue ?? "",
        ]
    }
}
