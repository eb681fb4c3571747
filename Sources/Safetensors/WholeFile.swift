import Foundation

/// Reading a file in one piece.
public enum WholeFile {
    /// All bytes of a regular file. Anything else (a folder, a pipe, a device) is refused: its size is unknown.
    public static func read(_ path: String) throws(SafetensorsError.Problem) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable() }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable(reason: "It is not a regular file") }
        return try read(Int(status.st_size), from: descriptor)
    }

    private static func read(
        _ count: Int, from descriptor: Int32
    ) throws(SafetensorsError.Problem) -> [UInt8] {
        var failure: SafetensorsError.Problem?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let received = Foundation.read(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled)
                if received < 0 && errno == EINTR { continue }
                guard received > 0 else {
                    failure =
                        received < 0 ? unreadable() : .unreadable(reason: "It became shorter while it was being read")
                    return
                }
                filled += received
            }
        }
        if let failure { throw failure }
        return bytes
    }

    private static func unreadable() -> SafetensorsError.Problem {
        .unreadable(reason: String(cString: strerror(errno)))
    }
}
