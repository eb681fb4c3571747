/// What `epochs.csv` shows: how good a run was on the way, evaluated as at its end and in the mode of training.
struct EpochCurves {
    /// What the columns begin with that were measured in the mode of training.
    private static let trainingMode = "training_mode_"
    /// Columns that say where a row stands.
    private static let places: Set = ["epoch", "part", "images"]
    private static let mostPoints = 100

    private let run: RecordedRun
    private let table: RecordTable
    private let epochs: [Double]

    /// nil for a run that was not evaluated on the way.
    init?(_ run: RecordedRun) {
        guard let table = run.epochs, table.rowCount > 0, let epochs = table.numbers("epoch") else { return nil }
        self.run = run
        self.table = table
        self.epochs = epochs
    }

    /// The images that were looked at: `test` or `validation`.
    var part: String { table.texts("part")?.last ?? "test" }

    /// What there are curves of, by the names of the columns: `error_percent`, and last the `loss`, which is looked at
    /// least. A single epoch makes no curve.
    var measures: [String] {
        guard epochs.count > 1 else { return [] }
        let measured = table.columns.filter { column in
            !Self.places.contains(column) && !column.hasPrefix(Self.trainingMode)
                && table.numbers(column)?.contains(where: \.isFinite) == true
        }
        return measured.filter { $0 != "loss" } + measured.filter { $0 == "loss" }
    }

    /// A figure for each measure.
    var figures: [Figure] { measures.compactMap(figure) }

    /// A measure in the mode of evaluation.
    func points(of measure: String) -> [LinePlot.Point]? { points(measure) }

    /// The last value of a measure in the mode of training; nil where it was not taken.
    func lastInTrainingMode(_ measure: String) -> Double? { table.numbers(Self.trainingMode + measure)?.last }

    private func points(_ column: String) -> [LinePlot.Point]? {
        guard let values = table.numbers(column) else { return nil }
        // The last epoch is always among those that are shown.
        let stride = max(1, (values.count + Self.mostPoints - 1) / Self.mostPoints)
        return values.indices.filter { (values.count - 1 - $0).isMultiple(of: stride) }
            .map { LinePlot.Point(x: epochs[$0], y: values[$0]) }
    }

    private func figure(_ measure: String) -> Figure? {
        guard let evaluated = points(measure) else { return nil }
        let words = measureWords(measure)
        var series = [LinePlot.Series("\(part)", points: evaluated)]
        var sentences = ["Of the \(part) images, with the statistics of evaluation"]
        if let trained = points(Self.trainingMode + measure) {
            series.append(LinePlot.Series("\(part), training mode", points: trained))
            sentences[0] += " and, in training mode, with those of batches as in training"
            if trained == evaluated { sentences.append("Both are equal here: the norm takes no statistics of batches") }
        }
        if measure == "loss", let training = trainingLoss {
            series.append(LinePlot.Series("training", points: training))
            sentences.append("Training: the mean over the steps of the epoch, each before its update")
        }
        return Figure(
            name: "\(measure.replacing("_", with: "-"))-over-epochs",
            title: "\(words.prefix(1).uppercased() + words.dropFirst()) over epochs",
            description: sentences.map { $0 + "." }.joined(separator: " "),
            content: .lines(LinePlot(x: epochAxis(upTo: epochs.last ?? 0), y: Axis(words), series: series)))
    }

    /// The mean loss of the steps of each epoch that was evaluated; nil when it is unknown which steps these were.
    private var trainingLoss: [LinePlot.Point]? {
        guard let result = run.result, let losses = run.steps?.numbers("loss"), result.epochs > 0,
            losses.count.isMultiple(of: result.epochs), !losses.isEmpty
        else { return nil }
        let stepsPerEpoch = losses.count / result.epochs
        return points("epoch")?.compactMap { point in
            let end = Int(point.x) * stepsPerEpoch
            guard point.x >= 1, end <= losses.count else { return nil }
            let mean = losses[(end - stepsPerEpoch)..<end].reduce(0, +) / Double(stepsPerEpoch)
            return LinePlot.Point(x: point.x, y: mean)
        }
    }
}

/// The axis of epochs, with a tick at each while there are few.
func epochAxis(upTo last: Double) -> Axis {
    guard (1...12).contains(last) else { return Axis("epoch") }
    return Axis("epoch", ticks: (1...Int(last)).map { Axis.Tick(Double($0), "\($0)") })
}

/// The name of a column for people: `error %` for `error_percent`.
func measureWords(_ column: String) -> String {
    column.replacing("_percent", with: " %").replacing("_", with: " ")
}
