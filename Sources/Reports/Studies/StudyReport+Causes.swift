/// What a study shows of how its settings came to their errors.
extension RecordedStudy {
    /// Lines that can still be told apart.
    private static let mostLines = 8

    /// The settings that contrasts are about, or all where they are few.
    private var shownSettings: [StudySetting] {
        let settings = settings
        guard settings.count > Self.mostLines else { return settings }
        let named = contrasts.flatMap { [$0.first, $0.second] }
        return Array(settings.filter { named.contains(name(of: $0.levels)) }.prefix(Self.mostLines))
    }

    /// The error on the way, a line a setting.
    var epochBlocks: [ReportBlock] {
        let series = shownSettings.compactMap { setting -> LinePlot.Series? in
            let tables = setting.trials.compactMap(\.epochs)
            guard let epochs = tables.first?.numbers("epoch"), epochs.count > 1 else { return nil }
            let points = epochs.indices.compactMap { row -> LinePlot.Point? in
                let estimate = setting.estimate { trial in
                    guard let errors = trial.epochs?.numbers("error_percent"), row < errors.count else { return nil }
                    return errors[row]
                }
                return estimate.map { LinePlot.Point(x: epochs[row], y: $0.mean, band: $0.interval) }
            }
            return LinePlot.Series(shortName(of: setting.levels), points: points)
        }
        guard !series.isEmpty else { return [] }
        let last = series.compactMap(\.points.last?.x).max() ?? 0
        return [
            .figure(
                Figure(
                    name: "error-over-epochs", title: "Error over epochs",
                    description: "Mean over seeds with its 95% t interval, with the statistics of evaluation.",
                    content: .lines(LinePlot(x: epochAxis(upTo: last), y: Axis("error %"), series: series))))
        ]
    }

    /// How far the workers' own statistics were from the global ones.
    var distanceBlocks: [ReportBlock] {
        var blocks = figure(
            "distance-of-means", "Distance of the workers' means from the global mean",
            measure: "distance, global deviations",
            """
            √ of the mean over workers and channels of ((μ − μ₀)/σ₀)², mean over layers and recorded steps: what a norm over \
            each worker's batch shifts its output by. It is measured for every norm, whether it uses them or not.
            """
        ) { trial in
            let distances = (trial.distances?.numbers("mean_distance") ?? []).filter(\.isFinite)
            return distances.isEmpty ? nil : distances.reduce(0, +) / Double(distances.count)
        }
        if let setting = shownSettings.first(where: { $0.trials.contains { $0.distances != nil } }),
            let trial = setting.trials.first(where: { $0.distances != nil }),
            let curves = DistanceCurves(trial.distances)
        {
            blocks.append(.paragraph(ReportText("Layer by layer over time, of \(trial.label):")))
            blocks += curves.blocks
        }
        return blocks
    }
}
