import Foundation

/// Where mpirun passes on what its ranks write.
///
/// A rank writes into a pipe that mpirun reads, and never hears that mpirun's own reader has left (`mpirun … 2>&1 | head`).
/// That of Open MPI 4.1 crashes when it then passes on a line, and takes the job with it: so nothing is given to it any more.
enum LauncherPipe {
    /// Whether mpirun, if it is what started this process, writes its standard error into a pipe that nobody reads.
    static var isBroken: Bool {
        guard getenv("OMPI_COMM_WORLD_RANK") != nil else { return false }
        return isBroken("/proc/\(getppid())/fd/\(STDERR_FILENO)")
    }

    /// Whether a file of a process's is a pipe without a reader.
    static func isBroken(_ path: String) -> Bool {
        var target = [CChar](repeating: 0, count: 64)
        guard readlink(path, &target, target.count) > 0, target.starts(with: "pipe:".utf8.map { CChar($0) }) else {
            return false
        }
        let descriptor = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&state, 1, 0) == 1 && state.revents & Int16(POLLERR) != 0
    }
}
