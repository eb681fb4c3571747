import Files
import Reports
import Runs
import Settings

/// Repeats trials of a study on another number of ranks: the weights must be the same, bit for bit.
extension Session {
    /// Repeats finished trials on all ranks of this start and compares the weights.
    ///
    /// - Parameters:
    ///   - path: the study's folder.
    ///   - sample: how many, spread evenly over those that fit.
    /// - Throws: `AgreedFailure` when bits differ, or when no finished trial can be repeated on so many ranks.
    public func verifyStudy(_ path: String, sample: Int, quiet: Bool) throws {
        let (record, trials) = try studyRecord(in: path)
        let folder = StudyFolder(path: path)
        let ranks = communicator.size
        let suitable = try fromFirst { record?.repeatable(onRanks: ranks) ?? [] }
        guard !suitable.isEmpty else { throw AgreedFailure(NothingToRepeat(path: path, ranks: ranks)) }
        let chosen = (0..<min(sample, suitable.count)).map {
            suitable[$0 * suitable.count / min(sample, suitable.count)]
        }
        var rows: [RepeatedTrial] = []
        for index in chosen {
            let again = try repeated(trials[index], in: folder, quiet: quiet)
            let before = try fromFirst { try folder.folder(of: trials[index]).result() }
            rows.append(RepeatedTrial(trial: trials[index].label, before: before, again: again))
        }
        try onFirst { try StandardOutput.show(RepeatedTrialTable(rows: rows)) }
        let different = rows.count { !$0.isEqual }
        if different > 0 {
            throw AgreedFailure(
                rank: nil,
                message: "\(path): \(counted(different, "trial")) of \(rows.count) came to other weights than before.")
        }
    }

    private func repeated(_ trial: Trial, in folder: StudyFolder, quiet: Bool) throws -> RunResult {
        let (configuration, dataset) = try prepare(trial.draft, for: .train)
        let plan = RunPlan(configuration, norm: configuration.normalization.norm, ranks: communicator.size)
        let path = "\(folder.path)/verification/\(trial.folderName)-on-\(communicator.size)"
        return try holding(path, command: "study") { folder in
            try run(
                plan, dataset: dataset, conditions(of: dataset), command: "study", folder: folder,
                progress: Progress(isShown: isFirst && !quiet, title: trial.label)
            ).result
        }
    }
}

extension StudyRecord {
    /// The finished trials, by their place in the study, that so many ranks can train and that fewer or more have trained.
    fileprivate func repeatable(onRanks ranks: Int) -> [Int] {
        trials.indices.filter { index in
            let (trial, state, result) = trials[index]
            guard state == .finished, let result, result.ranks != ranks else { return false }
            return ranks <= trial.configuration.workerCount(ranks: ranks)
        }
    }
}

/// A trial that was trained twice.
private struct RepeatedTrial {
    let trial: String
    let before: RunResult
    let again: RunResult

    var isEqual: Bool { before.weightsSha256 == again.weightsSha256 }
}

/// The trials that were repeated, and whether their weights are the same.
private struct RepeatedTrialTable: CustomStringConvertible {
    let rows: [RepeatedTrial]

    var description: String {
        let cells = rows.map { row in
            [
                row.trial, String(row.before.weightsSha256.prefix(12)), String(row.again.weightsSha256.prefix(12)),
                "\(row.before.ranks)", "\(row.again.ranks)", row.isEqual ? "same bits" : "OTHER BITS",
            ]
        }
        return TextTable(
            header: ["trial", "weights before", "weights again", "ranks", "now", ""], rows: cells, names: 3
        ).description
    }
}

/// No trial can be repeated.
private struct NothingToRepeat: Error, CustomStringConvertible {
    let path: String
    let ranks: Int

    var description: String {
        """
        \(path): no finished trial was trained on another number of ranks than \(ranks) and has as many workers; start \
        with another number (mpirun -np \(ranks == 1 ? 2 : 1)).
        """
    }
}
