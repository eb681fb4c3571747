import Files
import Reports
import Runs
import Settings

extension StudyRecord {
    /// Writes `results.csv` and `contrasts.csv`, which depend on the finished trials alone, and the report.
    func write() throws {
        try AtomicFile.write(Array(resultsCSV(rows).utf8), to: folder.resultsPath)
        try AtomicFile.write(Array(contrastsCSV(contrasts()).utf8), to: folder.contrastsPath)
        try RunFolder(path: folder.path).write(recorded().report)
    }

    /// A row a trial.
    var rows: [TrialRow] {
        trials.map { trial, state, result in
            let axes = zip(design.axes, trial.levels).map { TrialRow.AxisValue(key: $0.name, value: $1) }
            let figures = result.map {
                TrialRow.Figures(scores: $0.scores, trainLoss: $0.trainLoss, weightsSha256: $0.weightsSha256)
            }
            if let figures { return TrialRow(trial: trial.id, axes: axes, seed: trial.seed, figures: figures) }
            return TrialRow(trial: trial.id, axes: axes, seed: trial.seed, without: state.rowStatus)
        }
    }

    /// What a start of the study ends with.
    ///
    /// - Throws: `StatisticsError`, `MissingScore`.
    var summary: String {
        get throws {
            let contrasts = try contrasts()
            let parts = [
                heading, "\(SettingTable(try settings()))", contrasts.isEmpty ? nil : "\(ContrastTable(contrasts))",
                contrasts.isEmpty ? nil : contrasts.map { wrapped($0.sentence) }.joined(separator: "\n"),
                counts, "Written to \(folder.path).",
            ]
            return parts.compactMap { $0 }.joined(separator: "\n\n")
        }
    }

    private var heading: String {
        let sizes = design.axes.map { "\($0.name): \($0.levels.count)" }.joined(separator: ", ")
        let title = "study \(design.name): \(sizes); \(counted(design.seeds.count, "seed"))"
        return design.question.isEmpty ? title : "\(title)\n\(wrapped(design.question))"
    }

    var counts: String {
        let words = ["finished", "diverged", "failed", "running", "begun", "missing"]
        let counts = words.map { ($0, count(of: $0)) }.filter { $0.1 > 0 }
        return "\(counted(trials.count, "trial")): " + counts.map { "\($1) \($0)" }.joined(separator: ", ") + "."
    }
}

extension TrialState {
    fileprivate var rowStatus: TrialRow.Status {
        switch self {
        case .missing: .waiting
        case .begun, .running, .finished: .running
        case .diverged: .diverged
        case .failed: .failed
        }
    }
}
