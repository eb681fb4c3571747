import Foundation

/// A short text that a person hands over: as a file, through a pipe, or typed. It is read once.
public enum HandedText {
    /// More than any configuration has.
    private static let mostBytes = 1 << 20

    /// All bytes behind `path`; `-` and `/dev/stdin` are standard input.
    ///
    /// - Parameter patience: seconds to wait for someone to open a named pipe for writing. Once someone has, and for
    ///   standard input, the wait has no limit, as with any program.
    /// - Throws: `FileError`, also when there are more than a mebibyte, or none in what is no file.
    public static func bytes(of path: String, patience: Int32 = 10) throws(FileError) -> [UInt8] {
        let isStandardInput = ["-", "/dev/stdin"].contains(path)
        // Not by its name, which opens no socket, and a file anew from its start. And without O_NONBLOCK, the opening of a
        // named pipe would wait for its writer.
        let descriptor = isStandardInput ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            // What a shell makes of <(command).
            if errno == ENOENT, ["/dev/fd/", "/proc/self/fd/"].contains(where: path.hasPrefix) {
                throw refusal(of: path, "it is not open in this process: mpirun hands on nothing but standard input")
            }
            throw FileError(ofLastCall: .read, path: path)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError(ofLastCall: .read, path: path) }
        let kind = status.st_mode & S_IFMT
        if kind == S_IFDIR { throw refusal(of: path, isStandardInput ? "it is closed" : "it is a folder") }
        let isNamedPipe = kind == S_IFIFO && !isStandardInput
        let bytes = try read(descriptor, path, patience: isNamedPipe ? patience : 0)
        if bytes.isEmpty, kind != S_IFREG {
            throw refusal(of: path, isNamedPipe ? "nobody has written to this pipe" : "it is empty")
        }
        return bytes
    }

    private static func read(_ descriptor: Int32, _ path: String, patience: Int32) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: mostBytes + 1)
        var count = 0
        var patience = patience
        while count < bytes.count {
            let received = bytes.withUnsafeMutableBytes {
                Foundation.read(descriptor, $0.baseAddress.map { $0 + count }, $0.count - count)
            }
            if received > 0 {
                count += received
            } else if received == 0, count == 0, patience > 0 {
                // A pipe that nobody has opened yet looks like one at its end.
                wait(for: descriptor, milliseconds: 1000 * patience)
                patience = 0
            } else if received == 0 {
                return Array(bytes[..<count])
            } else if errno == EAGAIN {
                wait(for: descriptor, milliseconds: -1)
            } else if errno != EINTR {
                throw FileError(ofLastCall: .read, path: path)
            }
        }
        throw refusal(of: path, "it has more than \(mostBytes) bytes, or no end")
    }

    /// Returns when there is something to read, or the time is over; a negative one never is.
    private static func wait(for descriptor: Int32, milliseconds: Int32) {
        var stream = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&stream, 1, milliseconds)
    }

    private static func refusal(of path: String, _ reason: String) -> FileError {
        FileError(path: path, attempt: .read, reason: reason)
    }
}
