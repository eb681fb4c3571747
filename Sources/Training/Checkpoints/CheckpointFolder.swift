import Files
import Foundation

/// The checkpoints of a run: the last two are kept, so that there is one when writing the next is interrupted.
public struct CheckpointFolder: Sendable {
    /// The run's folder.
    public let path: String
    private static let prefix = "checkpoint-"
    private static let suffix = ".normtrain"
    private static let kept = 2

    /// The checkpoints in a run's folder.
    public init(path: String) {
        self.path = path
    }

    /// Writes a checkpoint under a temporary name, flushes and renames it, and then removes those that are too old.
    ///
    /// - Throws: `FileError` when the disk is full, for example; older checkpoints are then still there.
    public func write(_ checkpoint: Checkpoint) throws {
        removeHalfWritten()
        let number = String(checkpoint.header.step)
        let padded = String(repeating: "0", count: max(0, 10 - number.count)) + number
        try AtomicFile.write(checkpoint.serialized(), to: "\(path)/\(Self.prefix)\(padded)\(Self.suffix)")
        // What is not removed now is at the next.
        for old in ((try? files) ?? []).dropLast(Self.kept) { unlink(old) }
    }

    /// The newest checkpoint that is whole, and the file's bytes.
    ///
    /// - Parameter refused: told why one was passed over, and whether there is an older one.
    /// - Throws: `CheckpointError.noneWhole` or `FileError`.
    public func newest(
        refused: (any Error, _ olderOneFollows: Bool) -> Void
    ) throws -> (checkpoint: Checkpoint, bytes: [UInt8]) {
        let candidates = try files
        for (index, candidate) in candidates.enumerated().reversed() {
            do {
                let bytes = try RegularFile.bytes(of: candidate)
                return (try Checkpoint(bytes: bytes, path: candidate), bytes)
            } catch {
                refused(error, index > 0)
            }
        }
        throw CheckpointError.noneWhole(folder: path, found: candidates.count)
    }

    /// Whether there is none. A folder that is not there has none; one that can't be read may have some.
    public var isEmpty: Bool { (try? files.isEmpty) ?? false }

    /// Removes all checkpoints: those of an earlier run must not be taken for this one's.
    ///
    /// - Throws: `FileError`.
    public func removeAll() throws {
        for file in try files {
            guard unlink(file) == 0 || errno == ENOENT else {
                throw FileError(path: file, attempt: .remove, reason: systemReason)
            }
        }
        removeHalfWritten()
    }

    /// Removes what a process has left that was killed while it wrote.
    private func removeHalfWritten() {
        for name in (try? names) ?? [] where name.hasPrefix(".\(Self.prefix)") { unlink("\(path)/\(name)") }
    }

    /// Oldest first: their names sort as their steps do.
    private var files: [String] {
        get throws(FileError) {
            try names.filter { $0.hasPrefix(Self.prefix) && $0.hasSuffix(Self.suffix) }.map { "\(path)/\($0)" }
        }
    }

    /// Sorted.
    private var names: [String] {
        get throws(FileError) { try Folder.names(in: path) ?? [] }
    }
}
