import Files
import Foundation
import Training

extension RunFolder {
    /// The run's checkpoints.
    package var checkpoints: CheckpointFolder { CheckpointFolder(path: path) }

    /// Whether a comparison was begun here.
    package var isComparison: Bool {
        RegularFile.exists(configurationPath) && !RegularFile.exists(metricsPath) && checkpoints.isEmpty
    }

    /// Takes away what an earlier run left that resuming this one would take for its own.
    package func forgetEarlierRun() throws {
        try removeResult()
        try remove(metricsPath)
        try remove(weightsPath)
        try checkpoints.removeAll()
    }

    /// - Throws: `RunFolderError` when there is nothing to go on with.
    package func requireUnfinished() throws {
        guard FileManager.default.fileExists(atPath: path) else { throw RunFolderError.missing(path: path) }
        if RegularFile.exists(resultPath) { throw RunFolderError.finished(path: path) }
    }
}

extension Session {
    /// A fact about a run's folder that decides what comes next.
    ///
    /// - Throws: `AgreedFailure` when it is another on some rank: they would go different ways.
    package func sameEverywhere(_ fact: Bool, of folder: RunFolder) throws -> Bool {
        try requireSame(
            "\(fact)",
            orFailWith: "\(folder.path): this rank finds another run than rank 0: give all hosts the same folder.")
        return fact
    }

    /// The newest whole checkpoint of a run, the same on every rank; a notice tells which newer ones are damaged.
    ///
    /// - Parameter isRequired: whether it is an error to have none.
    package func newestCheckpoint(in folder: RunFolder, isRequired: Bool) throws -> Checkpoint? {
        if !isRequired, try sameEverywhere(folder.checkpoints.isEmpty, of: folder) { return nil }
        let checkpoint = try agree {
            try folder.checkpoints.newest { error, olderOneFollows in
                logger.warning("\(error)\(olderOneFollows ? " An older one is tried." : "")")
            }
        }
        try requireSame(
            Digest.hexadecimal(of: checkpoint.serialized()),
            orFailWith: "\(folder.path): this rank finds other checkpoints than rank 0: give all hosts the same folder."
        )
        return checkpoint
    }
}
