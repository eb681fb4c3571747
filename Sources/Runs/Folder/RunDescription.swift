import Files
import Foundation
import Reports
import Settings
import Training

/// What a folder holds, from the first moment of the run that fills it, as `run.json` tells: no run is taken for another
/// that was there before.
package struct RunDescription: Codable, Equatable {
    /// The version of the file's format.
    static let format = 1

    /// What kind of run it is.
    package enum Kind: String, Codable {
        /// One training.
        case train
        /// A comparison, whose variants have folders inside this one.
        case compare
        /// One training of a comparison.
        case variant
        /// One training of a study.
        case trial
    }

    /// What became of it.
    package enum Status: String, Codable {
        /// It goes on; or its process was killed, which is then no longer there.
        case running
        /// A signal asked it to stop, and it can be resumed.
        case interrupted
        /// The training went astray.
        case diverged
        /// It ended with another error.
        case failed
        /// Everything is there, `result.json` last.
        case finished
    }

    private(set) var format = Self.format
    package let kind: Kind
    package var status = Status.running
    /// Why it failed or diverged.
    package var reason: String?
    /// The version of the program that began it; nil in the folder of one that did not say so yet.
    package let version: String?
    /// The program and its arguments.
    package let commandLine: [String]
    /// SHA-256 of the resolved configuration, which `config.yaml` holds.
    package let configurationSha256: String
    /// What it depends on beside the configuration; nil when it failed before that was known.
    package let conditions: Conditions?
    /// The moment, in universal time.
    package let started: String
    package let ranks: Int
    /// That of rank 0; nil in folders of earlier versions.
    package let machine: Machine?
    /// That of rank 0.
    package let process: ProcessIdentity
    /// Whether the variants of a comparison have `telemetry.csv`; nil where nobody asked, and for single runs, whose
    /// checkpoints know it.
    package var telemetry: Bool?
    /// Of the trained weights, once `weights.safetensors` is written.
    package var weightsSha256: String?
    /// Steps of these weights.
    package var steps: Int?

    /// A run that begins now, by this process.
    package init(_ kind: Kind, _ configuration: Configuration, _ conditions: Conditions?, ranks: Int) throws {
        self.kind = kind
        version = Program.version
        commandLine = CommandLine.arguments
        configurationSha256 = Digest.hexadecimal(of: Array(try configuration.withAbsolutePaths().yaml().utf8))
        self.conditions = conditions
        started = Date().formatted(.iso8601)
        self.ranks = ranks
        machine = .current
        process = .current
    }
}

extension RunFolder {
    var descriptionPath: String { "\(path)/run.json" }

    /// What the folder holds; nil when no run has begun in it.
    ///
    /// - Throws: `FileError`; `RunFolderError` when another version wrote it, or it is damaged.
    package func description() throws -> RunDescription? {
        guard RegularFile.exists(descriptionPath) else { return nil }
        do {
            return try value(RunDescription.self, of: descriptionPath, format: RunDescription.format)
        } catch is DecodingError {
            throw RunFolderError.damaged(path: descriptionPath)
        }
    }

    /// Says what the folder holds.
    func write(_ description: RunDescription) throws {
        try write(json: description, to: descriptionPath)
    }

    /// Changes what the folder says of itself.
    func update(_ change: (inout RunDescription) -> Void) throws {
        guard var description = try description() else { return }
        change(&description)
        try write(description)
    }

    /// - Throws: `RunFolderError` when there is nothing to go on with.
    package func requireUnfinished() throws {
        guard RegularFile.exists(path) else { throw RunFolderError.missing(path: path) }
        if try isFinished() { throw RunFolderError.finished(path: path) }
    }

    /// Whether the run has come to its end and left everything.
    package func isFinished() throws -> Bool {
        guard RegularFile.exists(resultPath) else { return false }
        return try description().map { $0.status == .finished } ?? true
    }
}

extension RunDescription.Kind {
    /// What a training is that a command has started.
    init(ofRunsOf command: String) {
        switch command {
        case "compare": self = .variant
        case "study": self = .trial
        default: self = .train
        }
    }
}

extension RunDescription.Status {
    /// What has become of a run that ended with an error.
    init(_ error: any Error) {
        switch error {
        case is Interrupted: self = .interrupted
        case let error as TrainingError where error.isDivergence: self = .diverged
        case let failure as VariantFailure where failure.isDivergence: self = .diverged
        default: self = .failed
        }
    }
}
