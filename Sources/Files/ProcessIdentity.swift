import Foundation

/// One process among those of all hosts, past and present: which it was, and whether it is still there.
public struct ProcessIdentity: Codable, Equatable, Sendable {
    /// The name of its host.
    public let host: String
    /// Its number there.
    public let process: Int
    /// When it began, in the kernel's ticks since that host was started: numbers are given anew, this one is not.
    public let beginning: Int

    /// A process by its parts.
    public init(host: String, process: Int, beginning: Int) {
        self.host = host
        self.process = process
        self.beginning = beginning
    }

    /// This process.
    public static var current: ProcessIdentity {
        let process = Int(getpid())
        return ProcessIdentity(host: hostName, process: process, beginning: beginning(of: process) ?? 0)
    }

    /// Whether it still runs; nil when it belongs to another host, which can't be asked.
    public var isRunning: Bool? {
        host == Self.hostName ? Self.beginning(of: process) == beginning : nil
    }

    private static var hostName: String {
        var name = utsname()
        guard uname(&name) == 0 else { return "unknown" }
        return withUnsafeBytes(of: &name.nodename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// The 22nd field of what the kernel tells of a process; the second, its name, is in parentheses and may hold any
    /// character.
    private static func beginning(of process: Int) -> Int? {
        guard let bytes = try? RegularFile.bytes(of: "/proc/\(process)/stat"),
            let name = bytes.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = String(decoding: bytes[(name + 1)...], as: UTF8.self).split(separator: " ")
        return fields.count > 19 ? Int(fields[19]) : nil
    }
}
