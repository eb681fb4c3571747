import COpenMPI
import Glibc

/// A collective under way, which reads and writes the caller's buffer until it is complete.
///
/// It has one owner, who waits for it. Keep it in an optional property and `take()` it out to wait:
/// `try gradient.request.take()?.wait()`.
public struct Request: ~Copyable {
    private var handle: MPI_Request?

    init(handle: MPI_Request?) {
        self.handle = handle
    }

    /// Returns when the collective is complete and the buffer holds its result.
    public consuming func wait() throws {
        let code = MPI_Wait(&handle, shim_MPI_STATUS_IGNORE())
        handle = shim_MPI_REQUEST_NULL()
        try check(code, "MPI_Wait")
    }

    /// Gives the collective up after a failure, when waiting could take for ever: the job is about to end, and the buffer
    /// must stay until then.
    mutating func abandon() { handle = shim_MPI_REQUEST_NULL() }

    /// Whether the collective is complete; moves all collectives under way a step forward. Never waits.
    public mutating func test() throws -> Bool {
        var isComplete: Int32 = 0
        try check(MPI_Test(&handle, &isComplete, shim_MPI_STATUS_IGNORE()), "MPI_Test")
        return isComplete != 0
    }

    /// A request that nobody waited for is completed here, as the buffer may be freed next. All ranks have started the
    /// collective or will, so this ends. When an error unwinds the stack this is all there is to do; otherwise it is a
    /// mistake in the program, so a debug build tells.
    deinit {
        guard handle != shim_MPI_REQUEST_NULL(), MPIEnvironment.isRunning else { return }
        #if DEBUG
            let complaint = "MPI: a request was dropped before it was waited for\n"
            _ = complaint.withCString { write(STDERR_FILENO, $0, strlen($0)) }
        #endif
        var handle = handle
        MPI_Wait(&handle, shim_MPI_STATUS_IGNORE())
    }
}
