import Files
import Reports
import Runs
import Settings

/// The folder of a study. What has become of the trials stands in their folders, and nowhere else.
struct StudyFolder {
    /// Its path.
    let path: String

    /// The study as it was last started, whole.
    var designPath: String { "\(path)/study.yaml" }
    /// A row a trial.
    var resultsPath: String { "\(path)/results.csv" }
    /// A row a contrast.
    var contrastsPath: String { "\(path)/contrasts.csv" }
    /// Where the trials are.
    var trialsPath: String { "\(path)/trials" }

    /// Where a trial is, or will be.
    func folder(of trial: Trial) -> RunFolder { RunFolder(path: "\(trialsPath)/\(trial.folderName)") }

    /// What has become of a trial.
    ///
    /// - Throws: `FileError`, `RunFolderError`.
    func state(of trial: Trial) throws -> TrialState {
        let folder = folder(of: trial)
        guard let description = try folder.description() else { return .missing }
        let reason = description.reason ?? "no reason was noted"
        switch description.status {
        case .finished: return try folder.isFinished() ? .finished : .begun
        case .diverged: return .diverged(reason: reason)
        case .failed: return .failed(reason: reason)
        case .interrupted: return .begun
        // What runs on another host shows when its lock is asked for.
        case .running: return description.process.isRunning == true ? .running : .begun
        }
    }

    /// Folders of trials that a study does not ask for any more.
    func othersThan(_ trials: [Trial]) throws -> [String] {
        let asked = Set(trials.map(\.folderName))
        return try (Folder.names(in: trialsPath) ?? []).filter { !asked.contains($0) }
    }
}
