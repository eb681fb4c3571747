import Foundation

/// A file that grows by whole lines or records, such as a table with a row a step.
///
/// Each is given to the system at once and whole: whoever reads the file meanwhile finds it, and it stays when the
/// process is killed. What a full disk has refused is kept, and written with the next that there is room for.
public final class AppendedFile {
    /// Its path; errors name it.
    public let path: String
    private let descriptor: Int32
    /// Bytes that are written.
    private var length: off_t
    /// Lines or records that are not written yet.
    private var waiting: [UInt8] = []

    /// A file that begins with `text` and nothing else, as `init(_:beginningWith:)` for bytes.
    public convenience init(_ path: String, beginningWith text: String) throws(FileError) {
        try self.init(path, beginningWith: Array(text.utf8))
    }

    /// A file that begins with some bytes and nothing else, in place of what was at `path`.
    ///
    /// One that begins so already is cut back in its place, so that readers who follow it go on.
    public init(_ path: String, beginningWith beginning: [UInt8]) throws(FileError) {
        if let found = try? RegularFile.bytes(of: path), found.starts(with: beginning) {
            guard truncate(path, off_t(beginning.count)) == 0 else { throw FileError(ofLastCall: .write, path: path) }
        } else {
            try AtomicFile.write(beginning, to: path)
        }
        descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(ofLastCall: .write, path: path) }
        self.path = path
        length = off_t(beginning.count)
    }

    deinit {
        close(descriptor)
    }

    /// Adds a line, which ends with a line break, and those before it that could not be written.
    ///
    /// - Throws: `FileError`; the file then ends with a whole line, and what is missing is kept.
    public func append(_ line: String) throws(FileError) {
        try append(Array(line.utf8))
    }

    /// Adds whole records, and those before them that could not be written.
    ///
    /// - Throws: `FileError`; the file then ends with a whole record, and what is missing is kept.
    public func append(_ records: [UInt8]) throws(FileError) {
        waiting += records
        try flush()
    }

    /// Writes what could not be written before.
    ///
    /// - Throws: `FileError`, as `append`.
    public func flush() throws(FileError) {
        while !waiting.isEmpty {
            let written = waiting.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            guard written == waiting.count else {
                let reason = written < 0 ? systemReason : String(cString: strerror(ENOSPC))
                // No reader shall take half a line or record for a whole one.
                ftruncate(descriptor, length)
                throw FileError(path: path, attempt: .write, reason: reason)
            }
            length += off_t(written)
            waiting = []
        }
    }
}
