import Foundation

/// A regular file that is read from its start to its end: the only way in which the program reads files.
///
/// Anything else is refused (a folder, a pipe, a device): reading it may wait for ever, or never come to an end.
public final class RegularFile {
    /// The path that it was opened with; errors name it.
    public let path: String
    /// Bytes when it was opened; 0 for the files of /proc, which the kernel writes while they are read.
    private let byteCount: Int
    private let descriptor: Int32

    /// Opens the file at `path`.
    public init(_ path: String) throws(FileError) {
        // Without O_NONBLOCK, the opening of a pipe would wait for someone to write to it.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileError(ofLastCall: .read, path: path) }
        do throws(FileError) {
            byteCount = try Self.byteCount(of: descriptor, path: path)
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// All bytes of the file at `path`.
    public static func bytes(of path: String) throws(FileError) -> [UInt8] {
        try RegularFile(path).bytes()
    }

    /// Whether there is a file at `path`, or something else, which reading then refuses.
    public static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// Whether there is a regular file at `path`.
    public static func isRegular(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Reads on, and overwrites the buffer as far as there are bytes.
    ///
    /// - Returns: how many bytes were read; fewer than the buffer takes only at the end of the file.
    public func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(FileError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let received = Foundation.read(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
            if received < 0 && errno == EINTR { continue }
            guard received >= 0 else { throw FileError(ofLastCall: .read, path: path) }
            if received == 0 { break }
            filled += received
        }
        return filled
    }

    /// Reads on.
    ///
    /// - Returns: the next `limit` bytes, or all that are left if these are fewer.
    func read(upTo limit: Int) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = try bytes.withUnsafeMutableBufferPointer { buffer throws(FileError) in try read(into: buffer) }
        bytes.removeLast(limit - count)
        return bytes
    }

    /// All bytes of a file of which nothing has been read yet.
    func bytes() throws(FileError) -> [UInt8] {
        guard byteCount <= ProcessInfo.processInfo.physicalMemory else {
            throw refusal("its \(byteCount) bytes are more than the memory of this machine")
        }
        var bytes = try read(upTo: byteCount)
        guard bytes.count == byteCount else { throw refusal("it became shorter while it was being read") }
        // What the kernel writes into a file of /proc, and what was appended to another in the meantime.
        while case let more = try read(upTo: 4096), !more.isEmpty { bytes += more }
        return bytes
    }

    private static func byteCount(of descriptor: Int32, path: String) throws(FileError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError(ofLastCall: .read, path: path) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return Int(status.st_size)
        case S_IFDIR: throw FileError(path: path, attempt: .read, reason: "it is a folder")
        default: throw FileError(path: path, attempt: .read, reason: "it is not a regular file")
        }
    }

    private func refusal(_ reason: String) -> FileError {
        FileError(path: path, attempt: .read, reason: reason)
    }
}

/// A path as it is from any folder.
public func absolutePath(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
}
