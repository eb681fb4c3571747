/// What `metrics.csv` shows: loss and learning rate over the steps.
enum StepCurves {
    /// Points of a line: more than a figure has room for would only make its file large.
    private static let mostPoints = 200
    /// All points of a figure of several runs.
    private static let mostPointsTogether = 600

    /// The loss of each training step.
    static func loss(of run: RecordedRun) -> Figure? {
        loss(of: [run], mostPoints: mostPoints).map { bins, series in
            Figure(
                name: "training-loss", title: "Training loss over steps",
                description: "The mean loss over the images of a step, before its update."
                    + bins.explanation + (bins.size > 1 ? " The band reaches from the smallest to the largest." : ""),
                content: .lines(LinePlot(x: Axis("step"), y: Axis("training loss"), series: series)))
        }
    }

    /// The loss of each training step of several runs: without bands, which would lie over each other.
    static func loss(of runs: [RecordedRun]) -> Figure? {
        loss(of: runs, mostPoints: mostPointsTogether / max(1, runs.count)).map { bins, series in
            let lines = series.map { line in
                LinePlot.Series(line.name, points: line.points.map { LinePlot.Point(x: $0.x, y: $0.y) })
            }
            return Figure(
                name: "training-loss", title: "Training loss over steps",
                description: "The mean loss over the images of a step, before its update." + bins.explanation,
                content: .lines(LinePlot(x: Axis("step"), y: Axis("training loss"), series: lines)))
        }
    }

    private static func loss(
        of runs: [RecordedRun], mostPoints: Int
    ) -> (bins: StepBins, series: [LinePlot.Series])? {
        let lines = runs.compactMap { run -> (name: String, bins: StepBins)? in
            guard let (steps, losses) = run.steps?.numbersOverSteps("loss") else { return nil }
            return (run.norm, StepBins(steps: steps, values: losses, most: mostPoints))
        }
        guard let first = lines.max(by: { $0.bins.size < $1.bins.size }) else { return nil }
        return (first.bins, lines.map { LinePlot.Series($0.name, points: $0.bins.points) })
    }

    /// The learning rate of each step.
    static func rate(of run: RecordedRun) -> Figure? {
        guard let (steps, rates) = run.steps?.numbersOverSteps("rate") else { return nil }
        let bins = StepBins(steps: steps, values: rates, most: mostPoints)
        let points = bins.points.map { LinePlot.Point(x: $0.x, y: $0.y) }
        return Figure(
            name: "learning-rate", title: "Learning rate over steps",
            description: "The rate of each step, as its schedule scales it." + bins.explanation,
            content: .lines(
                LinePlot(
                    x: Axis("step"), y: Axis("learning rate"), series: [LinePlot.Series(run.norm, points: points)])))
    }
}

extension RecordTable {
    /// A column of at least one row, beside the steps.
    func numbersOverSteps(_ column: String) -> (steps: [Double], numbers: [Double])? {
        guard rowCount > 0, let steps = numbers("step"), let numbers = numbers(column) else { return nil }
        return (steps, numbers)
    }
}
