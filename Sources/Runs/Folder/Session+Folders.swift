import Files
import Reports
import Settings

extension Session {
    /// Makes a run folder that no other process uses, and has it to itself while `body` fills it. When that fails, folders
    /// that were made for it and are still empty are taken away again.
    ///
    /// - Parameters:
    ///   - output: its path; nil for a new one named after the command and the moment.
    ///   - body: given the folder, the same on every rank.
    package func holding<Value>(_ output: String?, command: String, _ body: (RunFolder) throws -> Value) throws -> Value
    {
        var made: [String] = []
        var lock: FolderLock?
        let path = try fromFirst {
            let folder = try output.map { RunFolder(path: $0) } ?? RunFolder.new(for: command, made: &made)
            do {
                made += try folder.create()
                lock = try folder.lock()
            } catch {
                RunFolder.removeEmpty(made)
                throw error
            }
            return folder.path
        }
        if let owner = lock?.leftBy {
            logger.warning(
                """
                \(path): process \(owner.process) on \(owner.host) has left this folder without a word: if it still runs, \
                end it, for two runs in one folder spoil each other.
                """)
        }
        defer { lock?.release() }
        do {
            return try body(RunFolder(path: path))
        } catch {
            lock?.release()
            RunFolder.removeEmpty(made)
            throw error
        }
    }

    /// The path of a folder that is made for a command, named after the moment.
    package func newFolder(for command: String) throws -> String {
        try fromFirst {
            var made: [String] = []
            return try RunFolder.new(for: command, made: &made).path
        }
    }

    /// Has a folder to itself while `body` fills it, unless another process has it.
    ///
    /// - Parameters:
    ///   - path: of the folder; it is made when it is missing, and stays.
    ///   - body: given the folder, the same on every rank.
    /// - Returns: nil when another process has the folder.
    package func holdingIfFree<Value>(_ path: String, _ body: (RunFolder) throws -> Value) throws -> Value? {
        let folder = RunFolder(path: path)
        var lock: FolderLock?
        let isFree = try fromFirst {
            _ = try folder.create()
            do {
                lock = try folder.lock()
                return true
            } catch is FolderLockError {
                return false
            }
        }
        guard isFree else { return nil }
        defer { lock?.release() }
        return try body(folder)
    }

    /// Notes in a folder that no run could begin there, and why.
    package func noteThatNothingBegan(
        in folder: RunFolder, as kind: RunDescription.Kind, _ configuration: Configuration, _ error: any Error
    ) throws {
        var description = try RunDescription(kind, configuration, nil, ranks: communicator.size)
        description.status = .failed
        description.reason = sentence(of: error)
        try onFirst { try folder.write(description) }
    }

    /// Lets a folder say what it holds while a run fills it, and what became of the run.
    ///
    /// - Parameters:
    ///   - isNew: whether what an earlier run has left is none of this one's; else the run goes on.
    package func describing<Value>(
        _ folder: RunFolder, as description: RunDescription, _ configuration: Configuration, isNew: Bool,
        _ body: () throws -> Value
    ) throws -> Value {
        try onFirst {
            try folder.write(description)
            if isNew { try folder.forgetEarlierRun() } else { try folder.removeResult() }
            try folder.write(configuration)
        }
        do {
            return try body()
        } catch {
            if isFirst { folder.note(error) }
            throw error
        }
    }

    /// Takes away what an earlier comparison has left in the folder of a variant.
    package func forgetEarlierRun(in folder: RunFolder) throws {
        try onFirst {
            guard RegularFile.exists(folder.path) else { return }
            let lock = try folder.lock()
            defer { lock.release() }
            try folder.forgetEarlierRun()
        }
    }
}

extension RunFolder {
    /// Has the folder for this process alone.
    fileprivate func lock() throws -> FolderLock {
        do {
            return try FolderLock(path)
        } catch let error as FileError {
            throw RunFolderError.unwritable(path: path, reason: error.reason)
        }
    }

    /// Notes how the run ended. The error is what people must hear of, and not that it can't be noted.
    func note(_ error: any Error) {
        try? update {
            $0.status = RunDescription.Status(error)
            $0.reason = sentence(of: error)
        }
    }
}

/// A variant of a comparison that failed; every rank comes to it, or was told of it.
public struct VariantFailure: Error, CustomStringConvertible {
    /// The norm.
    let variant: String
    /// What happened.
    let failure: String
    /// Whether the training went astray.
    let isDivergence: Bool

    /// - Parameters:
    ///   - variant: the norm.
    ///   - failure: one that all ranks know of.
    package init(_ variant: String, _ failure: any Error) {
        self.variant = variant
        self.failure = "\(failure)"
        isDivergence = RunDescription.Status(failure) == .diverged
    }

    /// One sentence.
    public var description: String { "\(variant): \(failure)" }
}
