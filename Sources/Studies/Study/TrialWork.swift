import Datasets
import Files
import Foundation
import MPI
import Reports
import Runs
import Settings
import TensorBoard
import Training

/// The work of one part of the ranks on the trials of a study.
struct TrialWork {
    let folder: StudyFolder
    /// Those that are asked for now.
    let trials: [Trial]
    let allTrials: [Trial]
    let axes: [StudyAxis]
    let execution: StudyExecution
    /// The ranks that train a trial together.
    let part: Session

    /// How it ended.
    enum Ending {
        case nothingLeft
        case failedFast
        case interrupted
    }

    /// Takes up one trial after the other that is due and that nobody else is at work on.
    ///
    /// - Parameter parts: of the ranks that work next to each other, for the estimate of the time.
    /// - Throws: what ends the whole job.
    func carryOut(parts: Int) throws -> Ending {
        let begin = MPIEnvironment.wallSeconds
        var finished = 0
        for trial in trials {
            if try part.isAskedToStop() { return .interrupted }
            if execution.failsFast, try hasFailure() { return .failedFast }
            guard try isDue(trial) else { continue }
            let title = try title(elapsedSeconds: MPIEnvironment.wallSeconds - begin, finished: finished, parts: parts)
            do {
                let worked: Bool? = try part.holdingIfFree(folder.folder(of: trial).path) { folder in
                    // Somebody else may have finished it while this one asked for the folder.
                    guard try isDue(trial) else { return false }
                    try carryOut(trial, in: folder, title: title)
                    return true
                }
                if worked == true { finished += 1 }
            } catch is Interrupted {
                return .interrupted
            }
        }
        return .nothingLeft
    }

    private func isDue(_ trial: Trial) throws -> Bool {
        try part.fromFirst { try folder.state(of: trial).isDue(retryingFailed: execution.retriesFailed) }
    }

    private func hasFailure() throws -> Bool {
        try part.fromFirst {
            try allTrials.contains { if case .failed = try folder.state(of: $0) { true } else { false } }
        }
    }

    /// Trains a trial. What fails is noted in its folder and told.
    ///
    /// - Throws: `Interrupted`; what not all ranks of the part know of.
    private func carryOut(_ trial: Trial, in folder: RunFolder, title: String) throws {
        do {
            let outcome: RunOutcome
            do {
                outcome = try train(trial, in: folder, title: title)
            } catch let failure as NotBegun {
                try part.noteThatNothingBegan(in: folder, as: .trial, trial.configuration, failure.error)
                throw failure.error
            }
            if let failure = outcome.writeFailure { throw failure }
            part.logger.notice("\(trial.label): \(Self.summary(outcome.result))")
        } catch let error where isKnownToAllRanks(error) && !(error is Interrupted) {
            // Not for the quiet to miss either.
            part.logger.warning("\(trial.label): \(sentence(of: error))")
        }
    }

    private func train(_ trial: Trial, in folder: RunFolder, title: String) throws -> RunOutcome {
        let setting: (plan: RunPlan, images: TrialImages, checkpoint: Checkpoint?)
        do {
            let (configuration, dataset) = try part.prepare(trial.draft, for: .train)
            let plan = RunPlan(
                configuration, norm: configuration.normalization.norm, ranks: part.communicator.size)
            let images = TrialImages(dataset: dataset, conditions: try part.conditions(of: dataset))
            setting = (plan, images, try checkpoint(of: plan, in: folder))
        } catch let error where isKnownToAllRanks(error) && !(error is Interrupted) {
            throw NotBegun(error: error)
        }
        return try part.run(
            setting.plan, dataset: setting.images.dataset, setting.images.conditions, command: "study", folder: folder,
            progress: Progress(isShown: isShowingProgress, title: title), from: setting.checkpoint,
            hasTelemetry: execution.telemetry, hyperparameters: hyperparameters(of: trial))
    }

    /// What TensorBoard's table tells trials apart by.
    private func hyperparameters(of trial: Trial) -> [Hyperparameter] {
        zip(axes, trial.levels).map { Hyperparameter($0.name, written: $1) }
            + [Hyperparameter("seed", written: "\(trial.seed)")]
    }

    /// Where a trial goes on; nil when it begins.
    private func checkpoint(of plan: RunPlan, in folder: RunFolder) throws -> Checkpoint? {
        let status = try part.fromFirst { try folder.description()?.status }
        guard status == .running || status == .interrupted,
            let found = try part.newestCheckpoint(in: folder, isRequired: false)
        else { return nil }
        try part.agree {
            let draft = try ConfigurationDraft(yaml: found.header.configuration, file: folder.path)
            try part.require(draft, toBeThatOf: plan, in: folder)
        }
        return found
    }

    private var isShowingProgress: Bool {
        MPIEnvironment.launchedRank ?? 0 == 0 && !execution.isQuiet && Progress.isOneLine
    }

    /// What the line of progress begins with.
    private func title(elapsedSeconds: Double, finished: Int, parts: Int) throws -> String {
        let states = try part.fromFirst { try allTrials.map { try folder.state(of: $0).word } }
        func count(_ word: String) -> Int { states.count { $0 == word } }
        let failed = count("failed") + count("diverged")
        var title = "\(count("finished"))/\(states.count) trials done"
        if count("running") > 0 { title += ", \(count("running")) running" }
        if failed > 0 { title += ", \(failed) failed" }
        if finished > 0 {
            let left = states.count - count("finished") - failed
            let seconds = elapsedSeconds / Double(finished) * Double(left) / Double(parts)
            title += ", \(duration(seconds: seconds)) left"
        }
        return title
    }

    private static func summary(_ result: RunResult) -> String {
        String(format: "%.2f%% wrong, %.1f s", result.wrongTestPercent ?? .nan, result.seconds)
    }
}

/// What a trial is trained on.
private struct TrialImages {
    let dataset: Dataset
    let conditions: Conditions
}

/// A trial could not begin.
private struct NotBegun: Error {
    let error: any Error
}
