import Foundation

/// The three streams that a process is started with.
public enum StandardStreams {
    /// Takes the place of each stream that the program was started without (`2>&-`): a file that is opened later would get
    /// its number, and in it what is meant for a person.
    ///
    /// Reading from the stand-in fails, and so does writing to it, as with a stream that is closed.
    public static func fillMissing() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
            // Gets the lowest number that is free, which is this one.
            _ = open("/", O_RDONLY)
        }
    }

    /// Writes all of a text, and waits while its reader is slow.
    ///
    /// - Returns: whether that was possible; if not, `errno` says why, provided that the program ignores SIGPIPE.
    static func write(_ text: String, to descriptor: Int32) -> Bool {
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let accepted = bytes.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if accepted >= 0 {
                written += accepted
            } else if errno == EAGAIN {
                // Whoever shares the stream may have made it one that does not wait.
                var stream = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&stream, 1, -1)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}
