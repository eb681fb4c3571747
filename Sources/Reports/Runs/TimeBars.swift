/// Where the time went: layer by layer from a profile, norm by norm of a comparison.
enum TimeBars {
    /// Bars of a figure.
    private static let mostRows = 20

    /// The milliseconds of a step, layer by layer; nil without a profile.
    static func profile(of run: RecordedRun) -> Figure? {
        guard let first = run.profiles.first, first.steps > 0 else { return nil }
        let scale = 1000 / Double(run.profiles.count * first.steps)
        let layers = first.layers.indices.map { layer in
            run.profiles.map { $0.layers[layer] }.reduce(into: BarPlot.Row(first.layers[layer].name, values: [])) {
                $0.values = sums($0.values, $1.parts.map { $0 * scale })
            }
        }
        let rows = shortened(layers)
        return Figure(
            name: "time-by-layer", title: "Where the time of a step went",
            description: "Mean over \(counted(run.profiles.count, "rank")) and \(counted(first.steps, "step")), after "
                + "\(first.warmUpSteps) of warm-up. Waiting: until the last rank had come to a collective; moving: from "
                + "then on." + (rows.count < layers.count ? " The layers that took least are put together." : ""),
            content: .bars(BarPlot(x: Axis("milliseconds a step"), parts: LayerProfile.partNames, rows: rows)))
    }

    /// The largest rows in their order, and one for the others.
    private static func shortened(_ rows: [BarPlot.Row]) -> [BarPlot.Row] {
        guard rows.count > mostRows else { return rows }
        func length(_ row: Int) -> Double { rows[row].values.reduce(0, +) }
        let bySize = rows.indices.sorted { (length($0), $1) > (length($1), $0) }
        let kept = Set(bySize.prefix(mostRows - 1))
        let others = rows.indices.filter { !kept.contains($0) }
        let rest = others.reduce(into: BarPlot.Row("\(others.count) other rows", values: [])) {
            $0.values = sums($0.values, rows[$1].values)
        }
        return rows.indices.filter(kept.contains).map { rows[$0] } + [rest]
    }

    private static func sums(_ left: [Double], _ right: [Double]) -> [Double] {
        left.isEmpty ? right : zip(left, right).map(+)
    }

    /// The seconds of training of each run that has a result; nil without any.
    static func training(of runs: [RecordedRun]) -> Figure? {
        let results = runs.compactMap(\.result)
        guard !results.isEmpty else { return nil }
        let rows = results.map { result in
            let communicating = result.seconds * result.communicationShare
            return BarPlot.Row(result.normalization, values: [result.seconds - communicating, communicating])
        }
        return Figure(
            name: "time-by-norm", title: "Seconds of training by norm",
            description:
                "Without loading and evaluation. Collectives: mean over the ranks, waiting for others included.",
            content: .bars(BarPlot(x: Axis("seconds"), parts: ["computing", "collectives"], rows: rows)))
    }
}

extension LayerProfile {
    static let partNames = ["forward", "backward", "other", "waiting", "moving"]

    /// Seconds, in the order of `partNames`.
    var parts: [Double] { [forwardSeconds, backwardSeconds, otherSeconds, waitingSeconds, movingSeconds] }
}
