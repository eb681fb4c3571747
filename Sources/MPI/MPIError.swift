import COpenMPI

/// Why MPI could not do what it was asked to.
public enum MPIError: Error, Equatable, CustomStringConvertible {
    /// An MPI call returned an error code; `text` is MPI's own explanation of it, `rank` is nil without `mpirun`.
    case callFailed(call: String, code: Int32, text: String, rank: Int?)
    /// MPI counts elements in 32 bits, and this many do not fit.
    case countTooLarge(call: String, count: Int)
    /// An MPI call before `MPIEnvironment.start` or after `finish`.
    case notRunning
    /// `MPIEnvironment.start` after `finish`.
    case finished
    /// The MPI library can't be used in a process that has other threads.
    case threadsUnsupported
    /// Another launcher has started several processes, and each is alone.
    case startedApart(ForeignLauncher)
    /// A rank is about to start another collective than the first; only debug builds look.
    case drifted(rank: Int, collective: String, onFirstRank: String)

    /// One sentence: which call failed, on which rank, and why or what to do.
    public var description: String {
        switch self {
        case .callFailed(let call, let code, let text, let rank):
            let place = rank.map { " on rank \($0)" } ?? ""
            return "\(call) failed\(place): \(text) (code \(code))"
        case .countTooLarge(let call, let count):
            return "\(call) can't take \(count) elements at once, the most is \(Int32.max): send them in parts"
        case .notRunning:
            return "MPI is not running: call MPIEnvironment.start() first, and nothing of MPI after finish()"
        case .finished:
            return "MPI has been finished and can't be started again in the same process"
        case .threadsUnsupported:
            return "this MPI library supports no threads (MPI_THREAD_FUNNELED): install one that was built with them"
        case .drifted(let rank, let collective, let first):
            return """
                the ranks have drifted apart, a mistake in the program: rank \(rank) has come to \(collective), but rank 0 to \
                \(first)
                """
        case .startedApart(let launcher):
            return """
                \(launcher.name) has started \(launcher.tasks) processes or more, each of which would train alone and write \
                into the same folder: start the ranks with the mpirun of the Open MPI that normtrain was built with, as in \
                mpirun -np \(launcher.tasks) normtrain
                """
        }
    }
}

/// Throws an `MPIError` that names `call` unless `code` is success.
@inline(__always)
func check(_ code: Int32, _ call: StaticString) throws {
    if code != MPI_SUCCESS { throw failure(code, call) }
}

private func failure(_ code: Int32, _ call: StaticString) -> MPIError {
    let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(MPI_MAX_ERROR_STRING)) { text in
        var length: Int32 = 0
        guard MPI_Error_string(code, text.baseAddress, &length) == MPI_SUCCESS else { return "unknown error" }
        return String(decoding: UnsafeRawBufferPointer(text).prefix(Int(length)), as: UTF8.self)
    }
    return .callFailed(call: "\(call)", code: code, text: text, rank: MPIEnvironment.launchedRank)
}

/// `count` as MPI takes it, never truncated.
func exactCount(_ count: Int, _ call: StaticString) throws -> Int32 {
    guard let exact = Int32(exactly: count) else { throw MPIError.countTooLarge(call: "\(call)", count: count) }
    return exact
}
