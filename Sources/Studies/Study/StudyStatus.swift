import Files
import Reports
import Runs
import Settings

extension Session {
    /// Prints what has become of the trials of a study.
    ///
    /// - Parameter path: the study's folder.
    public func studyStatus(_ path: String) throws {
        let (record, _) = try studyRecord(in: path)
        try onFirst { if let record { try StandardOutput.show(record.status) } }
    }

    /// The study in a folder and its trials; the record on the first rank alone.
    func studyRecord(in path: String) throws -> (record: StudyRecord?, trials: [Trial]) {
        let folder = StudyFolder(path: path)
        let file = try fromFirst { try folder.file() }
        let design = try agree { try file.design() }
        let trials = try self.trials(of: design, ranksPerTrial: 1)
        var record: StudyRecord?
        try onFirst { record = try StudyRecord(design, trials, in: folder) }
        return (record, trials)
    }
}

extension StudyRecord {
    /// A row a setting, then what went wrong, with the last that is known of it.
    var status: String {
        get throws {
            let words = ["finished", "diverged", "failed", "running", "begun", "missing"]
            let rows = combinations.map { levels in
                let states = trials.filter { $0.trial.levels == levels }.map(\.state.word)
                return [name(of: levels)]
                    + words.map { word in
                        let count = states.count { $0 == word }
                        return count == 0 ? "" : "\(count)"
                    }
            }
            let table = TextTable(header: ["setting"] + words, rows: rows, names: 1)
            let failures = try trials.compactMap { trial, state, _ in try failure(of: trial, state) }
            let others = try folder.othersThan(trials.map(\.trial))
            let rest = others.isEmpty ? [] : ["\(counted(others.count, "trial")) there no longer asked for."]
            return (["\(counts)", "\(table)"] + failures + rest).joined(separator: "\n\n")
        }
    }

    private func failure(of trial: Trial, _ state: TrialState) throws -> String? {
        let reason: String
        switch state {
        case .failed(let why), .diverged(let why): reason = why
        default: return nil
        }
        let run = folder.folder(of: trial)
        let last = try run.lastMetrics(rows: 3).map { "    \($0)" }
        return (["\(trial.label) \(state.word):", wrapped(reason)] + last).joined(separator: "\n")
    }
}

extension StudyFolder {
    /// The study that is carried out here.
    ///
    /// - Throws: `NoStudy`; `FileError`; `ConfigurationError`.
    func file() throws -> StudyFile {
        guard RegularFile.exists(designPath) else { throw NoStudy(path: path) }
        return try StudyFile(handedOver: designPath)
    }
}

/// A folder that holds no study.
struct NoStudy: Error, Equatable, CustomStringConvertible {
    let path: String

    var description: String {
        "\(path): this is no folder of a study, which holds study.yaml; name one that normtrain study has written."
    }
}
