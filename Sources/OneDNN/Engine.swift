import COneDNN

/// The CPU engine of oneDNN and its stream: made at the first use, once a process. A call returns when its work is done.
public final class Engine: Sendable {
    private static let made = Result { try Engine() }

    // Handles of oneDNN: never changed after `init`, and a CPU engine and stream may be used from any thread.
    nonisolated(unsafe) let handle: dnnl_engine_t
    nonisolated(unsafe) let stream: dnnl_stream_t
    private let setOpenMPThreads: @convention(c) (Int32) -> Void

    static func shared() throws -> Engine { try made.get() }

    private init() throws {
        guard let setter = onednn_find_thread_setter() else { throw OneDNNError.threadsCannotBeSet }
        setOpenMPThreads = setter
        // No rounding to bfloat16, whatever the environment says. Primitives have that among their attributes; the matrix
        // product takes none and follows the process.
        try check(
            dnnl_set_default_fpmath_mode(dnnl_fpmath_mode_strict), "dnnl_set_default_fpmath_mode", for: "the process")
        var engine: dnnl_engine_t?
        try check(dnnl_engine_create(&engine, dnnl_cpu, 0), "dnnl_engine_create", for: "the CPU")
        var stream: dnnl_stream_t?
        try check(
            dnnl_stream_create(&stream, engine, dnnl_stream_default_flags.rawValue), "dnnl_stream_create",
            for: "the CPU")
        guard let engine, let stream else { throw OneDNNError.nothingMade(call: "dnnl_stream_create") }
        self.handle = engine
        self.stream = stream
    }

    /// Lets oneDNN compute on the calling thread alone, whatever `OMP_NUM_THREADS` says: with several of its own its
    /// sums would depend on their number.
    ///
    /// OpenMP keeps its number of threads per calling thread, and oneDNN partitions the work by it both when a primitive
    /// is made and when it runs. Telling it before each of them is a store into the thread's own memory.
    @inline(__always)
    func prepareCallingThread() { setOpenMPThreads(1) }
}
