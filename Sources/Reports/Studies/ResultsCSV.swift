/// The text of `results.csv`: a row a trial, in their order, and one column for each axis of the study and for each score.
///
/// A trial that hasn't finished has its levels, seed, status and id; its figures are empty. Where a trial has no value for
/// a column, that cell is empty.
public func resultsCSV(_ trials: [TrialRow]) -> String {
    var axes: [String] = []
    for axis in trials.flatMap({ $0.axes.map(\.key) }) where !axes.contains(axis) { axes.append(axis) }
    let scores = Set(trials.flatMap { $0.figures.map { Array($0.scores.keys) } ?? [] }).sorted()
    let rows = trials.map { trial in
        let levels = axes.map { axis in trial.axes.first { $0.key == axis }?.value ?? "" }
        let figures = trial.figures
        return levels + ["\(trial.seed)", trial.status.rawValue] + scores.map { csvNumber(figures?.scores[$0]) }
            + [csvNumber(figures?.trainLoss), figures?.weightsSha256 ?? "", trial.trial]
    }
    return csv(header: axes + ["seed", "status"] + scores + ["train_loss", "weights_sha256", "trial"], rows: rows)
}
