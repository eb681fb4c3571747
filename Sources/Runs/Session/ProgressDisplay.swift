import Foundation
import MPI

/// Where progress is shown: a terminal on which a line can be written over, or anything that takes lines.
struct ProgressDisplay {
    /// Whether a line can be written over.
    let isOverwritten: Bool
    private let terminal: String

    /// What standard error of this process leads to, in such an environment.
    ///
    /// Under mpirun it is a pipe, and what counts is where mpirun's own leads.
    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let process = MPIEnvironment.launchedRank == nil ? "self" : "\(getppid())"
        terminal = "/proc/\(process)/fd/2"
        isOverwritten = Self.understandsEscapes(environment) && Self.isTerminal(terminal)
    }

    /// What goes to the start of the line and clears it, where a line can be written over; empty elsewhere.
    var lineStart: String { isOverwritten ? "\r\u{1B}[K" : "" }

    /// Whether the environment does not rule out sequences that move the cursor: a dumb terminal would show them, and
    /// who sets NO_COLOR (see no-color.org) wants none of any kind.
    static func understandsEscapes(_ environment: [String: String]) -> Bool {
        let kind = environment["TERM"] ?? ""
        return !kind.isEmpty && kind != "dumb" && (environment["NO_COLOR"] ?? "").isEmpty
    }

    /// The terminal's columns at this moment; COLUMNS, or 80, where it does not know.
    var columns: Int {
        let descriptor = open(terminal, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        var size = winsize()
        if descriptor >= 0, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } ?? 80
    }

    private static func isTerminal(_ path: String) -> Bool {
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
        return target.map { $0.hasPrefix("/dev/pts/") || $0.hasPrefix("/dev/tty") || $0 == "/dev/console" } ?? false
    }
}
