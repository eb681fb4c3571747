import Foundation

/// Keeps a folder for one process at a time.
///
/// The system holds a lock on a file in the folder, and lets go of it when the process ends, however that comes about. On
/// a file system that knows no locks the file itself has to do, which names the process: one that has ended on this host
/// has given the folder up.
public final class FolderLock {
    /// The name of the file in the folder; it is gone once the lock is given up in good order.
    public static let fileName = ".lock"

    /// The process of another host that has not given the folder up in good order: most likely it was killed, which the
    /// system's lock says too where it reaches over all hosts.
    public private(set) var leftBy: ProcessIdentity?
    private let path: String
    private let descriptor: Int32

    /// Locks the folder at `folder` for this process.
    ///
    /// - Throws: `FolderLockError` when another process has it; `FileError` when nothing can be written there.
    public init(_ folder: String) throws {
        path = "\(folder)/\(Self.fileName)"
        descriptor = try Self.lockedFile(path)
        do {
            let content = try RegularFile.bytes(of: path)
            if let owner = try? JSONDecoder().decode(ProcessIdentity.self, from: Data(content)), owner.isRunning == nil
            {
                leftBy = owner
            }
            try Self.write(.current, to: descriptor, path: path)
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit {
        close(descriptor)
    }

    /// Gives the folder up.
    public func release() {
        // While the lock is still held: nobody else's file can be at the path.
        unlink(path)
        flock(descriptor, LOCK_UN)
    }

    private static func lockedFile(_ path: String) throws -> Int32 {
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { throw FileError(ofLastCall: .write, path: path) }
            do {
                try lock(descriptor, path)
            } catch {
                close(descriptor)
                throw error
            }
            if isStill(descriptor, at: path) { return descriptor }
            // The one before has removed the file in the meantime.
            close(descriptor)
        }
    }

    private static func lock(_ descriptor: Int32, _ path: String) throws {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            switch errno {
            case EINTR:
                continue
            case EWOULDBLOCK:
                throw FolderLockError.held(by: owner(path), file: path)
            case ENOLCK, ENOSYS, EOPNOTSUPP, EINVAL:
                guard let owner = owner(path), owner != .current else { return }
                guard let isRunning = owner.isRunning else { throw FolderLockError.unknown(owner, file: path) }
                if isRunning { throw FolderLockError.held(by: owner, file: path) }
                return
            default:
                throw FileError(ofLastCall: .write, path: path)
            }
        }
    }

    private static func owner(_ path: String) -> ProcessIdentity? {
        guard let bytes = try? RegularFile.bytes(of: path) else { return nil }
        return try? JSONDecoder().decode(ProcessIdentity.self, from: Data(bytes))
    }

    private static func isStill(_ descriptor: Int32, at path: String) -> Bool {
        var (own, found) = (stat(), stat())
        return fstat(descriptor, &own) == 0 && stat(path, &found) == 0 && own.st_ino == found.st_ino
            && own.st_dev == found.st_dev
    }

    private static func write(_ owner: ProcessIdentity, to descriptor: Int32, path: String) throws {
        let bytes = try JSONEncoder().encode(owner)
        let written = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        guard written == bytes.count, ftruncate(descriptor, off_t(written)) == 0 else {
            throw FileError(ofLastCall: .write, path: path)
        }
    }
}

/// Why a folder can't be had.
public enum FolderLockError: Error, Equatable, CustomStringConvertible {
    /// A process has it; nil when it has not said yet which one it is.
    case held(by: ProcessIdentity?, file: String)
    /// A process of another host has had it, and nothing here can tell whether it still runs.
    case unknown(ProcessIdentity, file: String)

    /// One sentence for a person.
    public var description: String {
        switch self {
        case .held(let owner, let file):
            let whose = owner.map { " (process \($0.process) on \($0.host))" } ?? ""
            return "\(folder(of: file)): another run is at work in this folder\(whose): wait for its end, or name "
                + "another folder."
        case .unknown(let owner, let file):
            return "\(folder(of: file)): process \(owner.process) on \(owner.host) was at work in this folder, and "
                + "nothing here can tell whether it still is: when it is not, remove \(file)."
        }
    }

    private func folder(of file: String) -> String { String(file.dropLast(FolderLock.fileName.count + 1)) }
}
