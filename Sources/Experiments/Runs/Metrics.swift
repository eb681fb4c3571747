import Training

/// The rows of `metrics.csv`: one for each step.
struct Metrics {
    private(set) var text = "step,loss,rate,seconds\n"

    mutating func add(_ report: Trainer.StepReport) {
        text += "\(report.step),\(report.loss),\(report.rate),\(report.seconds)\n"
    }
}
