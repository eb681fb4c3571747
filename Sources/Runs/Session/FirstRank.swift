import Files
import Foundation
import Settings
import Training

/// What rank 0 alone looks at and tells the others, so that no other rank needs to see its files.
extension Session {
    /// A fact that rank 0 finds out, on every rank.
    ///
    /// - Throws: `AgreedFailure` on every rank when the body throws on rank 0.
    package func fromFirst<Value: Codable>(_ body: () throws -> Value) throws -> Value {
        var told: [UInt8] = []
        try onFirst { told = try Array(JSONEncoder().encode([body()])) }
        let fact = try JSONDecoder().decode(
            [Value].self, from: Data(communicator.broadcast(told, root: 0, for: "what rank 0 knows")))
        return fact[0]
    }

    /// The bytes of a file, on every rank.
    ///
    /// - Throws: `AgreedFailure` on every rank when rank 0 can't read it.
    package func read(_ path: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try onFirst { bytes = try RegularFile.bytes(of: path) }
        return try communicator.broadcast(bytes, root: 0, for: "a file")
    }

    /// The configuration in a run's folder.
    package func draft(in folder: RunFolder) throws -> ConfigurationDraft {
        let bytes = try read(folder.configurationPath)
        return try agree { try ConfigurationDraft(bytes: bytes, file: folder.configurationPath) }
    }

    /// The newest whole checkpoint of a run; a notice tells which newer ones are damaged.
    ///
    /// - Parameter isRequired: whether it is an error to have none.
    package func newestCheckpoint(in folder: RunFolder, isRequired: Bool) throws -> Checkpoint? {
        if !isRequired, try fromFirst({ folder.checkpoints.isEmpty }) { return nil }
        var bytes: [UInt8] = []
        try onFirst {
            bytes = try folder.checkpoints.newest { error, olderOneFollows in
                logger.warning("\(error)\(olderOneFollows ? " An older one is tried." : "")")
            }.bytes
        }
        let received = try communicator.broadcast(bytes, root: 0, for: "a file")
        return try agree { try Checkpoint(bytes: received, path: folder.path) }
    }

    /// The weights that a run has left.
    func weights(in folder: RunFolder) throws -> NetworkState {
        let bytes = try read(folder.weightsPath)
        return try agree { try NetworkState(bytes: bytes, path: folder.weightsPath) }
    }
}
