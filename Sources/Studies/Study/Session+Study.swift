import Files
import Reports
import Runs
import Settings
import Training

/// How a study is carried out; it decides nothing about the results.
public struct StudyExecution {
    /// The folder; nil for one named after the study.
    public var output: String?
    /// Which trials are asked for now.
    public var selection = TrialSelection()
    /// Ranks that train a trial together.
    public var ranksPerTrial = 1
    /// Whether the first failure ends the study.
    public var failsFast = false
    /// Whether trials that failed or diverged are tried again.
    public var retriesFailed = false
    /// Whether the distance between the workers' statistics is recorded.
    public var telemetry = false
    /// Whether nothing but warnings is shown.
    public var isQuiet = false

    /// One rank a trial, everything that is due.
    public init() {}
}

extension Session {
    /// Carries out what is due of a study, and writes what all of its trials have come to.
    ///
    /// Parts of the ranks train trials next to each other, and several starts of the program share the work.
    ///
    /// - Throws: `StudyInterrupted` when a signal asked it to stop.
    public func study(_ design: StudyDesign, _ execution: StudyExecution) throws {
        let trials = try self.trials(of: design, ranksPerTrial: execution.ranksPerTrial)
        let due = try agree { try execution.selection.selected(of: trials, axes: design.axes) }
        let folder = StudyFolder(path: execution.output ?? "runs/\(design.folderName)")
        try begin(design, trials, in: folder)
        StopSignal.leaveToTheStudy(true)
        let part = try part(ofRanks: execution.ranksPerTrial)
        let work = TrialWork(
            folder: folder, trials: due, allTrials: trials, axes: design.axes, execution: execution, part: part)
        let ending = try inParts { try work.carryOut(parts: parts(ofRanks: execution.ranksPerTrial)) }
        let wasInterrupted = try communicator.allreduce(ending == .interrupted ? 1 : 0, .max, for: "signals") == 1
        StopSignal.leaveToTheStudy(false)
        try conclude(design, trials, in: folder, wasInterrupted: wasInterrupted)
    }

    /// The study in a file that was handed over, which the first rank reads, once.
    ///
    /// - Parameters:
    ///   - path: of the file, or the name of a study of the library; `-` is standard input.
    ///   - assignments: `key.path=value`, each of which changes the base configuration.
    public func design(named path: String, assignments: [String] = []) throws -> StudyDesign {
        let file = try fromFirst {
            if !RegularFile.exists(path), let text = StudyLibrary.text(of: path) {
                return try StudyFile(path: "\(path).yaml", text: text)
            }
            return try StudyFile(handedOver: path)
        }
        return try agree { try file.design(assignments: assignments) }
    }

    /// The trials of a study, checked, the same on every rank.
    func trials(of design: StudyDesign, ranksPerTrial: Int) throws -> [Trial] {
        let planned = try agree { try design.trials() }
        let models = planned.map(\.draft.configuration.model)
        let paths = Set(models.filter { $0.initialWeightsSHA256 == nil }.compactMap(\.initialWeights)).sorted()
        let digests = try fromFirst { try paths.map { try Digest.hexadecimal(ofFile: $0) } }
        let weights = Dictionary(uniqueKeysWithValues: zip(paths, digests))
        return try agree {
            try planned.map {
                try Trial($0, axes: design.axes, ranks: min(ranksPerTrial, communicator.size), initialWeights: weights)
            }
        }
    }

    /// Makes the folder, and tells what a changed study means for the trials that are there.
    private func begin(_ design: StudyDesign, _ trials: [Trial], in folder: StudyFolder) throws {
        let change: StudyChange? = try fromFirst {
            _ = try RunFolder(path: folder.trialsPath).create()
            var base = design.base.configuration.withAbsolutePaths()
            // So that the trials are known without the file.
            if base.model.initialWeights != nil {
                base.model.initialWeightsSHA256 = trials.first?.configuration.model.initialWeightsSHA256
            }
            let text = try Array(design.yaml(base: base).utf8)
            let before = RegularFile.exists(folder.designPath) ? try RegularFile.bytes(of: folder.designPath) : text
            try AtomicFile.write(text, to: folder.designPath)
            return before == text ? nil : try StudyChange(trials, in: folder)
        }
        if let change { logger.notice("\(folder.path): \(change)") }
        let isSeen = RegularFile.exists(folder.designPath)
        try agree { if !isSeen { throw UnseenStudyFolder(path: folder.path) } }
    }

    /// Writes and prints what there is of a study.
    ///
    /// - Throws: `StudyInterrupted`; `AgreedFailure` when trials have failed or something can't be written.
    private func conclude(
        _ design: StudyDesign, _ trials: [Trial], in folder: StudyFolder, wasInterrupted: Bool
    ) throws {
        var record: StudyRecord?
        try onFirst {
            let read = try StudyRecord(design, trials, in: folder)
            try read.write()
            record = read
        }
        let finished = try fromFirst { record?.count(of: "finished") ?? 0 }
        if wasInterrupted {
            throw StudyInterrupted(path: folder.path, finished: finished, trials: trials.count)
        }
        try printResults(in: RunFolder(path: folder.path)) {
            if let record { try StandardOutput.show(record.summary) }
        }
        tellNext("open \(shellWord(RunFolder(path: folder.path).reportPath))")
        if let failure = try fromFirst({ record?.failure }) { throw AgreedFailure(rank: nil, message: failure) }
    }
}

/// What a changed study means for trials that were there before.
private struct StudyChange: Codable, CustomStringConvertible {
    let kept: Int
    let new: Int
    let notAskedFor: Int

    init(_ trials: [Trial], in folder: StudyFolder) throws {
        kept = try trials.count { try folder.state(of: $0) != .missing }
        new = trials.count - kept
        notAskedFor = try folder.othersThan(trials).count
    }

    var description: String {
        """
        the study has changed: of its \(counted(kept + new, "trial")) \(kept) \(kept == 1 ? "was" : "were") begun before \
        and \(kept == 1 ? "stays" : "stay") valid, \(new) \(new == 1 ? "is" : "are") new; \(notAskedFor) other \
        \(notAskedFor == 1 ? "trial is" : "trials are") no longer asked for.
        """
    }
}

/// Each part of the ranks writes the folders of its own trials.
struct UnseenStudyFolder: Error, Equatable, CustomStringConvertible {
    let path: String

    var description: String {
        """
        \(path): this rank's host does not see the folder that rank 0 has made: use one that all hosts share, or let all \
        ranks train each trial together with --ranks-per-trial.
        """
    }
}

/// A signal asked a study to stop; it goes on when it is started again.
public struct StudyInterrupted: StoppedBySignal, Equatable, CustomStringConvertible {
    let path: String
    let finished: Int
    let trials: Int

    /// One sentence.
    public var description: String {
        """
        \(path): stopped as a signal asked, with \(finished) of \(counted(trials, "trial")) finished; the same command \
        goes on.
        """
    }
}
