import Foundation

/// The standard streams of another program, as this process holds them.
struct ProgramPipes {
    /// The deadline has passed.
    struct Late: Error {}

    /// Standard input, output and error at the program's end.
    private(set) var theirs: [Int32] = []
    /// The same at this end; -1: closed.
    private var ours: [Int32] = []

    init() throws {
        for _ in 0..<3 {
            var ends: [Int32] = [-1, -1]
            // Sockets: a program that no longer reads its input is an error to `send`, and not the signal of a pipe.
            let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
                let code = errno
                closeAll()
                throw PipedProgram.Failure.systemCall("socketpair", code: code)
            }
            ours.append(ends[0])
            theirs.append(ends[1])
        }
    }

    /// After the program has started: its end shows here only when nobody holds its streams.
    mutating func closeTheirs() {
        theirs.forEach { close($0) }
        theirs = []
    }

    /// To be called last.
    mutating func closeAll() {
        closeTheirs()
        ours.filter { $0 >= 0 }.forEach { close($0) }
        ours = []
    }

    /// Writes a text and closes the program's input, and reads meanwhile what it writes, until it closes its output.
    mutating func exchange(
        _ input: String, until deadline: ContinuousClock.Instant
    ) throws(Late) -> PipedProgram.Output {
        var unwritten = Array(input.utf8)[...]
        var read: [[UInt8]] = [[], []]
        while ours[1] >= 0 || ours[2] >= 0 {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { throw Late() }
            if unwritten.isEmpty { shut(0) }
            var states = ours.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            states[0].events = Int16(POLLOUT)
            let milliseconds = Int32(clamping: left.components.seconds * 1000 + 1)
            guard poll(&states, nfds_t(states.count), min(milliseconds, 100)) >= 0 else { continue }
            if states[0].revents != 0 { unwritten = send(unwritten) }
            for stream in 1...2 where states[stream].revents != 0 {
                let bytes = receive(stream)
                if bytes.isEmpty { shut(stream) } else { read[stream - 1] += bytes }
            }
        }
        return PipedProgram.Output(
            standardOutput: String(decoding: read[0], as: UTF8.self),
            standardError: String(decoding: read[1], as: UTF8.self))
    }

    private mutating func shut(_ stream: Int) {
        if ours[stream] >= 0 { close(ours[stream]) }
        ours[stream] = -1
    }

    /// What remains to be written; nothing once the program reads no more.
    private func send(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        let count = bytes.withUnsafeBytes { Foundation.send(ours[0], $0.baseAddress, $0.count, flags) }
        if count >= 0 { return bytes.dropFirst(count) }
        return errno == EAGAIN || errno == EINTR ? bytes : []
    }

    /// What there is to read; nothing at the end.
    private func receive(_ stream: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            repeat { count = recv(ours[stream], buffer.baseAddress, buffer.count, 0) } while count < 0 && errno == EINTR
            count = max(count, 0)
        }
    }
}
