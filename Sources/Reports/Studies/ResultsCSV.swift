/// The text of `results.csv`: a row a trial, in their order, and one column for each key that a study varies.
///
/// A trial that hasn't finished has its settings, seed, status and id; its figures are empty. Where a trial has no value for
/// a key, that cell is empty.
public func resultsCSV(_ trials: [TrialRow]) -> String {
    var keys: [String] = []
    for key in trials.flatMap({ $0.axes.map(\.key) }) where !keys.contains(key) { keys.append(key) }
    let rows = trials.map { trial in
        keys.map { key in trial.axes.first { $0.key == key }?.value ?? "" } + columns.map { $0.cell(trial) }
    }
    return csv(header: keys + columns.map(\.name), rows: rows)
}

private let columns: [(name: String, cell: @Sendable (TrialRow) -> String)] = [
    ("seed", { String($0.seed) }),
    ("status", \.status.rawValue),
    ("test_images", { $0.figures.map { String($0.testImages) } ?? "" }),
    ("wrong_images", { $0.figures.map { String($0.wrongImages) } ?? "" }),
    ("test_error_percent", { csvNumber($0.figures?.testErrorPercent) }),
    ("test_loss", { csvNumber($0.figures?.testLoss) }),
    ("train_loss", { csvNumber($0.figures?.trainLoss) }),
    ("seconds", { csvNumber($0.figures?.seconds) }),
    ("weights_sha256", { $0.figures?.weightsSha256 ?? "" }),
    ("trial", \.trial),
]
