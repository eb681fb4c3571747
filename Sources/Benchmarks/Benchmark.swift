import Files
import MPI
import Reports
import Runs
import Settings
import Training

extension Session {
    /// Measures training steps in their steady state, and prints a table with a row for each combination of settings.
    ///
    /// The rows are measured in turn, a fifth of their steps at a time, so that what disturbs the machine for a while
    /// disturbs all of them.
    ///
    /// - Parameter asJSON: whether JSON is printed instead.
    public func benchmark(_ settings: BenchmarkSettings, asJSON: Bool) throws {
        let configurations = try agree {
            try settings.drafts().map { try $0.measurable(ranks: communicator.size) }
        }
        guard let first = configurations.first else { return }
        try choose(first.instructionSet)
        let peak = try ProcessorPeak(over: communicator)
        let rows = try configurations.map {
            try StepBenchmark(
                RunPlan($0, norm: $0.normalization.norm, ranks: communicator.size), communicator: communicator)
        }
        try measureInTurn(rows, steps: settings.steps)
        let report = StepReport(
            ranks: communicator.size, instructionSet: Arithmetic.inUse.instructionSet, dataset: first.dataset.name,
            peak: peak,
            rows: try rows.map { try $0.figures(peak: peak) })
        try onFirst { try StandardOutput.show(asJSON ? try JSON.text(report) : report.description) }
        tellNext("\(command("bench kernels", ranks: communicator.size)) measures each part of a step by itself.")
    }

    private func measureInTurn(_ rows: [StepBenchmark], steps chosen: Int?) throws {
        var seconds = 0.0
        let steps = try rows.map { row in
            let stepSeconds = try row.warmUp()
            // The convolutions take their time too, up to half of the steps'.
            let steps = chosen ?? min(10_000, max(5, Int(3.5 / stepSeconds)))
            seconds += 1.5 * Double(steps) * stepSeconds
            return steps
        }
        logger.notice("measuring \(counted(rows.count, "row")), which takes about \(Int(seconds.rounded(.up))) s.")
        let turns = 5
        for turn in 0..<turns {
            for (row, steps) in zip(rows, steps) {
                let share = steps * (turn + 1) / turns - steps * turn / turns
                if share > 0 { try row.measure(steps: share) }
            }
        }
    }
}

extension ConfigurationDraft {
    /// More than any machine trains in a step; the random images of all workers have to be made.
    private static let mostImages = 1_000_000

    /// The checked configuration, of a step that can be measured.
    fileprivate func measurable(ranks: Int) throws -> Configuration {
        let checked = try validatedForNetwork(.train, ranks: ranks)
        let most = Self.mostImages / checked.workerCount(ranks: ranks)
        guard checked.training.batch <= most else {
            throw refusal(
                of: "training.batch", value: "\(checked.training.batch)",
                requirement: "at most \(most) images a worker, for bench makes those of all workers")
        }
        return checked
    }
}
