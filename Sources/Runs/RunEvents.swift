import Foundation
import Reports
import Settings
import TensorBoard
import Training

/// What TensorBoard shows of a run, as the first rank writes it to an event file in the run's folder: the columns of
/// `metrics.csv` and `epochs.csv` as curves over the steps, how what the norms keep is distributed after each epoch, the
/// configuration, and a row of the table of hyperparameters.
final class RunEvents {
    private let file: EventFile
    private let hyperparameters: [Hyperparameter]

    /// - Parameters:
    ///   - folder: gets the file with the first events.
    ///   - hyperparameters: by which the run is told from others.
    ///   - step: after which the run goes on; nil when it begins.
    init(in folder: RunFolder, _ hyperparameters: [Hyperparameter], goingOnAfter step: Int?) {
        file = EventFile(in: folder.path, goingOnAfter: step)
        self.hyperparameters = hyperparameters
    }

    /// A run begins.
    ///
    /// - Throws: when events can't be written now, as the other methods do; they are then written with later ones.
    func begin(_ configuration: Configuration) throws {
        try file.add(
            [
                .text("configuration", verbatim: configuration.withAbsolutePaths().yaml()),
                .sessionStart(hyperparameters, startSeconds: Date().timeIntervalSince1970),
            ], step: 0)
        try file.flush()
    }

    /// A step is done.
    func add(_ report: CompletedStep) throws {
        let updates = report.lastUpdates
        var values = updates.flatMap { update in
            let player = updates.count > 1 ? "\(update.player)/" : ""
            return [
                SummaryValue.scalar("step/\(player)loss", update.loss), .scalar("step/\(player)rate", update.rate),
            ]
        }
        values.append(.scalar("step/seconds", report.seconds))
        try file.add(values, step: report.step)
        try file.flushIfDue()
    }

    /// The task was evaluated after an epoch. Columns that hold no numbers, such as the name of a part, are no curves.
    func add(_ row: EpochRow, ofEpoch epoch: Int, afterStep step: Int) throws {
        let cells = zip(["epoch"] + row.columns, ["\(epoch)"] + row.values)
        try file.add(
            cells.compactMap { column, text in Double(text).map { .scalar("epoch/\(column)", $0) } }, step: step)
    }

    /// An epoch is done.
    func add(_ distributions: [Distribution], afterStep step: Int) throws {
        if !distributions.isEmpty {
            try file.add(distributions.map { .histogram($0.tag, of: $0.values) }, step: step)
        }
        try file.flush()
    }

    /// The run is done; its scores are the metrics of its row.
    func finish(_ result: RunResult, afterStep step: Int) throws {
        let scores = result.scores.merging(["train_loss": result.trainLoss]) { score, _ in score }
            .sorted { $0.key < $1.key }
        try file.add(scores.map { .scalar("score/\($0.key)", $0.value) }, step: step)
        try file.add(
            [
                .experiment(hyperparameters, metrics: scores.map { "score/\($0.key)" }),
                .sessionEnd(succeeded: true, endSeconds: Date().timeIntervalSince1970),
            ], step: step)
        try file.flush()
    }

    /// The run ended with an error, after so many steps. Only one that went astray has failed for good: others may be
    /// resumed, and readers keep the first end they see.
    func end(with error: any Error, afterStep step: Int) throws {
        if (error as? TrainingError)?.isDivergence == true {
            try file.add([.sessionEnd(succeeded: false, endSeconds: Date().timeIntervalSince1970)], step: step)
        }
        try file.flush()
    }

    /// Writes all that was added.
    func flush() throws { try file.flush() }
}
