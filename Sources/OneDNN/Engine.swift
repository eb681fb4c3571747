import COneDNN
import Synchronization

/// The CPU engine of oneDNN and its stream: made at the first use, once a process. A call returns when its work is done.
public final class Engine: Sendable {
    private static let made = Result { try Engine() }
    private static let chosenThreads = Atomic<Int>(1)

    // Handles of oneDNN: never changed after `init`, and a CPU engine and stream may be used from any thread.
    nonisolated(unsafe) let handle: dnnl_engine_t
    nonisolated(unsafe) let stream: dnnl_stream_t
    private let setOpenMPThreads: @convention(c) (Int32) -> Void

    static func shared() throws -> Engine { try made.get() }

    private init() throws {
        guard let setter = onednn_find_thread_setter() else { throw OneDNNError.threadsCannotBeSet }
        setOpenMPThreads = setter
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

    /// How many threads each primitive and matrix product uses, 1 at the start.
    ///
    /// A primitive keeps the number that it was made with; those made after a change use the new one. Results may
    /// differ in their last bits between two numbers of threads.
    public static var threads: Int { chosenThreads.load(ordering: .relaxed) }

    /// Sets `threads` for all that is made from now on.
    ///
    /// The setting holds whichever thread computes later, and whatever `OMP_NUM_THREADS` says.
    /// - Throws: `invalidThreadCount` unless 1 ≤ `count` ≤ `Int32.max`.
    public static func useThreads(_ count: Int) throws {
        guard count >= 1, count <= Int(Int32.max) else { throw OneDNNError.invalidThreadCount(count) }
        chosenThreads.store(count, ordering: .relaxed)
    }

    /// OpenMP keeps its number of threads per calling thread, and oneDNN partitions the work by it both when a primitive
    /// is made and when it runs. Telling it before each of them is a store into the thread's own memory.
    @inline(__always)
    func prepareCallingThread(threads: Int) { setOpenMPThreads(Int32(truncatingIfNeeded: threads)) }
}
