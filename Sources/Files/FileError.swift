import Foundation

/// The system refuses to read or write a file or a folder, or there is something else at its path.
public struct FileError: Error, Equatable, CustomStringConvertible {
    /// What was to be done.
    public enum Attempt: Sendable {
        /// Reading a file.
        case read
        /// Writing a file.
        case write
        /// Removing a file.
        case remove
        /// Reading which files a folder holds.
        case list
        /// Printing to a stream.
        case print
    }

    /// The file or folder.
    public let path: String
    /// What was to be done with it.
    public let attempt: Attempt
    /// Why that can't be done, as it reads in parentheses.
    public let reason: String

    /// Something that can't be done with the file or folder at `path`.
    public init(path: String, attempt: Attempt, reason: String) {
        self.path = path
        self.attempt = attempt
        self.reason = reason
    }

    /// The failure of the system's last call.
    init(ofLastCall attempt: Attempt, path: String) {
        let isMissing = attempt == .read && errno == ENOENT
        self.init(path: path, attempt: attempt, reason: isMissing ? "there is no such file" : systemReason)
    }

    /// One sentence that names the file or folder, and the reason.
    public var description: String {
        let failure =
            switch attempt {
            case .read: "the file can't be read"
            case .write: "the file can't be written"
            case .remove: "the file can't be removed"
            case .list: "the folder can't be read"
            case .print: "nothing more can be printed"
            }
        return "\(path): \(failure) (\(reason))."
    }
}

/// The system's words for why its last call failed.
public var systemReason: String { String(cString: strerror(errno)) }
