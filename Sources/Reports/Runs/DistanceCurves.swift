import Foundation

/// What `telemetry.csv` shows: how far each worker's own statistics were from the global ones, layer by layer.
struct DistanceCurves {
    /// Lines of a figure that can still be told apart.
    private static let mostLayers = 6
    private static let mostPoints = 60

    /// In the order in which data goes through them, each with its rows.
    private let layers: [(name: String, rows: [Int])]
    private let steps: [Double]
    private let means: [Double]
    private let variances: [Double]

    /// nil for a table without rows.
    init?(_ table: RecordTable?) {
        guard let table, table.rowCount > 0, let names = table.texts("layer"), let steps = table.numbers("step"),
            let means = table.numbers("mean_distance"), let variances = table.numbers("variance_distance")
        else { return nil }
        self.steps = steps
        self.means = means
        self.variances = variances
        var places: [String: Int] = [:]
        layers = names.enumerated().reduce(into: []) { layers, row in
            if let place = places[row.element] {
                layers[place].rows.append(row.offset)
            } else {
                places[row.element] = layers.count
                layers.append((row.element, [row.offset]))
            }
        }
    }

    /// The distances over the steps, and in a table those of every layer.
    var blocks: [ReportBlock] {
        let selection = shown.count < layers.count ? " Shown are \(shown.count) of \(layers.count) layers." : ""
        return [
            .figure(
                figure(
                    "mean-distance", "Distance of the workers' means from the global mean", means,
                    axis: "distance of means, global deviations",
                    "√ of the mean over workers and channels of ((μ − μ₀)/σ₀)²: what a norm over each worker's batch "
                        + "shifts its output by." + selection)),
            .figure(
                figure(
                    "variance-distance", "Distance of the workers' variances from the global variance", variances,
                    axis: "distance of variances, |ln σ²/σ₀²|",
                    "The mean over workers and channels of |ln(σ²/σ₀²)|: 0.1 is about a tenth more or less." + selection
                )
            ),
            .table(table),
        ]
    }

    /// Evenly spread over the depth of the network, the first and the last among them.
    private var shown: [Int] {
        guard layers.count > Self.mostLayers else { return Array(layers.indices) }
        return (0..<Self.mostLayers).map { $0 * (layers.count - 1) / (Self.mostLayers - 1) }
    }

    private func figure(
        _ name: String, _ title: String, _ values: [Double], axis: String, _ description: String
    ) -> Figure {
        let lines = shown.map { layer in
            let rows = layers[layer].rows
            let bins = StepBins(
                steps: rows.map { steps[$0] }, values: rows.map { values[$0] }, most: Self.mostPoints)
            return LinePlot.Series(
                layers[layer].name, points: bins.points.map { LinePlot.Point(x: $0.x, y: $0.y) })
        }
        return Figure(
            name: name, title: title, description: description,
            content: .lines(LinePlot(x: Axis("step"), y: Axis(axis), series: lines)))
    }

    private var table: ReportTable {
        func mean(_ values: [Double], _ rows: [Int]) -> ReportText {
            let numbers = rows.map { values[$0] }.filter(\.isFinite)
            return ReportText(numbers.isEmpty ? "none" : shown(distance: numbers.reduce(0, +) / Double(numbers.count)))
        }
        return ReportTable(
            "Distances of each layer",
            columns: [
                .name("layer"), .number("means, all records"), .number("means, last"),
                .number("variances, all records"), .number("variances, last"),
            ],
            rows: layers.map { layer in
                [
                    ReportText(layer.name), mean(means, layer.rows), mean(means, layer.rows.suffix(1)),
                    mean(variances, layer.rows), mean(variances, layer.rows.suffix(1)),
                ]
            })
    }

    private func shown(distance: Double) -> String { String(format: "%.4f", distance) }
}
