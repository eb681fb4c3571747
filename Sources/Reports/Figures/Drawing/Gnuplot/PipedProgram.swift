import Foundation

/// Another program, given text on its standard input, whose output is waited for no longer than a limit.
///
/// It sees no variable of this process but `PATH`: neither a user's locale nor what mpirun tells its ranks changes what it
/// writes. It inherits no open files, ignored signals or signal masks, and Ctrl-C does not reach it.
struct PipedProgram {
    /// What a program wrote.
    struct Output: Equatable {
        var standardOutput = ""
        var standardError = ""
        /// nil: the system did not keep it, as for a process that ignores the end of its children.
        var status: Int32?

        /// What it complained of, in one line; nil: of nothing.
        var complaint: String? {
            let lines = standardError.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            // gnuplot repeats the line that it does not understand, and marks the place below.
            let words = lines.filter { !$0.isEmpty && $0 != "^" }
            return words.last.map { String($0.prefix(200)) }
        }
    }

    /// Why there is no output.
    enum Failure: Error, Equatable, CustomStringConvertible {
        case missing
        case systemCall(String, code: Int32)
        case tooSlow(Duration)
        case ended(status: Int32, complaint: String?)

        var description: String {
            switch self {
            case .missing: "it is not installed"
            case .systemCall(let call, let code): "\(call) failed: \(String(cString: strerror(code)))"
            case .tooSlow(let limit): "it took longer than \(limit.components.seconds) s"
            case .ended(let status, let complaint?): "it ended with status \(status): \(complaint)"
            case .ended(let status, nil): "it ended with status \(status)"
            }
        }
    }

    private let path: String
    private let arguments: [String]
    private let limit: Duration

    init(_ path: String, _ arguments: [String], limit: Duration) {
        self.path = path
        self.arguments = arguments
        self.limit = limit
    }

    /// What it writes when it reads a text.
    /// - Throws: ``Failure``, also if it ends with another status than 0.
    func output(for input: String) throws -> Output {
        var pipes = try ProgramPipes()
        defer { pipes.closeAll() }
        let process = try start(pipes)
        pipes.closeTheirs()
        let deadline = ContinuousClock.now + limit
        var output: Output
        do {
            output = try pipes.exchange(input, until: deadline)
            output.status = try status(of: process, until: deadline)
        } catch {
            end(process)
            throw Failure.tooSlow(limit)
        }
        guard let status = output.status, status != 0 else { return output }
        throw Failure.ended(status: status, complaint: output.complaint)
    }

    private func start(_ pipes: ProgramPipes) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (theirs, standard) in zip(pipes.theirs, [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]) {
            posix_spawn_file_actions_adddup2(&actions, theirs, standard)
        }
        // MPI holds sockets open that are not closed by themselves. One that is closed by now is passed over.
        let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        for descriptor in (open ?? []).compactMap({ Int32($0) }) where descriptor > STDERR_FILENO {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        let search = ProcessInfo.processInfo.environment["PATH"].map { "PATH=\($0)" }
        let variables = [search, "LC_ALL=C.UTF-8"].compactMap(\.self)
        var environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        defer { (words + environment).forEach { free($0) } }
        var process = pid_t()
        let code = posix_spawnp(&process, path, &actions, &attributes, &words, &environment)
        if [ENOENT, EACCES, ENOTDIR].contains(code) { throw Failure.missing }
        guard code == 0 else { throw Failure.systemCall("posix_spawn", code: code) }
        return process
    }

    /// The exit status of a process that has closed its output; 128 + a signal's number.
    private func status(of process: pid_t, until deadline: ContinuousClock.Instant) throws(ProgramPipes.Late) -> Int32?
    {
        var state: Int32 = 0
        while true {
            let ended = waitpid(process, &state, WNOHANG)
            if ended == process { return state & 0x7f == 0 ? (state >> 8) & 0xff : 128 + state & 0x7f }
            if ended < 0, errno == ECHILD { return nil }
            guard ContinuousClock.now < deadline else { throw ProgramPipes.Late() }
            usleep(1000)
        }
    }

    /// Ends a process and those it has started, and leaves no zombie.
    private func end(_ process: pid_t) {
        kill(-process, SIGKILL)
        var state: Int32 = 0
        while waitpid(process, &state, 0) < 0, errno == EINTR {}
    }
}
