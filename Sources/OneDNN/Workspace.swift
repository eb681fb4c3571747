import Synchronization
import Threads

/// Memory that the computations of one thread use one after another, each from its beginning to its end: scratchpads of
/// kernels and arguments in the layout that a kernel wants. It is one for all, so that it stays in the cache.
final class Workspace: @unchecked Sendable {
    private static let made = Mutex<[Int: Workspace]>([:])
    /// Where an area begins, for the widest vectors.
    static let alignment = 64

    // Guarded by `turn`.
    private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private let turn = Mutex(())

    /// The one of the calling thread. It lives as long as the process.
    static var ofCallingThread: Workspace {
        let thread = Threads.current
        return made.withLock { made in
            if let found = made[thread] { return found }
            let workspace = Workspace()
            made[thread] = workspace
            return workspace
        }
    }

    private init() {}

    /// Calls `body` with the first of `byteCount` bytes of unspecified content, while no other thread is in here.
    func use(byteCount: Int, _ body: (UnsafeMutableRawPointer) throws -> Void) throws {
        try turn.withLock { _ in
            if memory.count < max(byteCount, 1) {
                memory.deallocate()
                memory = .allocate(byteCount: max(byteCount, 1), alignment: Self.alignment)
            }
            guard let address = memory.baseAddress else { return }
            try body(address)
        }
    }
}
