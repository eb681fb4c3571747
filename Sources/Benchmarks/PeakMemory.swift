import Files

/// The most memory that this process has held so far.
enum PeakMemory {
    /// Bytes; nil where the system doesn't tell.
    static var bytes: Int? {
        guard let status = try? RegularFile.bytes(of: "/proc/self/status") else { return nil }
        return bytes(status: String(decoding: status, as: UTF8.self))
    }

    /// - Parameter status: as the kernel describes a process. (Its `getrusage` would count the program that started
    ///   this one.)
    static func bytes(status: String) -> Int? {
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
    }
}
