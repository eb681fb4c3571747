/// The figures of a study that lay something out along an axis of numbers: a line for each setting of the other axes.
struct StudyCurves {
    private let study: RecordedStudy
    /// The place of the axis that the figures are laid out along.
    let axis: Int
    private let numbers: [Double]

    /// nil when no axis has three levels or more that are all numbers.
    init?(_ study: RecordedStudy) {
        let numbers = study.axes.map { axis in axis.levels.map { Double($0) ?? .nan } }
        guard
            let axis = study.axes.indices.first(where: { numbers[$0].count > 2 && numbers[$0].allSatisfy(\.isFinite) })
        else { return nil }
        self.study = study
        self.axis = axis
        self.numbers = numbers[axis]
    }

    /// A line for each setting of the other axes.
    ///
    /// - Parameters:
    ///   - measure: what is shown, as an axis says it.
    ///   - isEstimate: whether seeds are a sample, so that there is an interval.
    ///   - value: of a trial; nil where it has none.
    /// - Returns: nil when no trial has a value.
    func figure(
        _ name: String, _ title: String, measure: String, isEstimate: Bool, _ description: String,
        value: (RecordedStudy.Trial) -> Double?
    ) -> Figure? {
        var groups: [(name: String, settings: [StudySetting])] = []
        for setting in study.settings {
            let name = study.shortName(of: setting.levels, without: [axis])
            if let place = groups.firstIndex(where: { $0.name == name }) {
                groups[place].settings.append(setting)
            } else {
                groups.append((name, [setting]))
            }
        }
        let series = groups.compactMap { group in line(group.name, group.settings, isEstimate, value) }
        guard !series.isEmpty else { return nil }
        return Figure(
            name: name, title: "\(title) against \(study.axes[axis].title)", description: description,
            content: .lines(LinePlot(x: horizontal, y: Axis(measure), series: series)))
    }

    private func line(
        _ name: String, _ settings: [StudySetting], _ isEstimate: Bool, _ value: (RecordedStudy.Trial) -> Double?
    ) -> LinePlot.Series? {
        let places = settings.compactMap { setting -> (Double, MeanEstimate)? in
            guard let level = study.axes[axis].levels.firstIndex(of: setting.levels[axis]),
                let estimate = setting.estimate(value)
            else { return nil }
            return (numbers[level], estimate)
        }.sorted { $0.0 < $1.0 }
        guard !places.isEmpty else { return nil }
        return LinePlot.Series(
            name.isEmpty ? study.name : name,
            points: places.map { LinePlot.Point(x: $0, y: $1.mean, band: isEstimate ? $1.interval : nil) },
            marks: places.flatMap { x, estimate in
                estimate.values.map { LinePlot.Mark(x: x, y: $0.value, label: "seed \($0.seed)") }
            })
    }

    /// Levels that grow by factors stand at equal distances.
    private var horizontal: Axis {
        let sorted = numbers.sorted()
        let grows = sorted[0] > 0 && zip(sorted, sorted.dropFirst()).allSatisfy { $1 >= 1.5 * $0 }
        let ticks = zip(numbers, study.axes[axis].levels).map { Axis.Tick($0, $1) }
        return Axis(study.axes[axis].title, isLogarithmic: grows, ticks: ticks.count <= 12 ? ticks : [])
    }
}
