import Synchronization

/// The threads of this process that share out loops over independent pieces of work.
///
/// What is computed must not depend on how many there are, nor on which of them takes a piece: pieces write to places of
/// their own, and whoever started the loop adds up afterwards, in the order of the pieces.
public enum Threads {
    private static let pool = Mutex<ThreadPool?>(nil)
    private static let chosen = Atomic<Int>(1)

    /// How many threads share a loop, the one that starts it included.
    public static var count: Int { chosen.load(ordering: .relaxed) }

    /// Starts `count` − 1 threads that wait for work from now on; comes once, before anything is computed.
    ///
    /// - Returns: false when the system does not give as many threads; none is used then.
    public static func start(_ count: Int) -> Bool {
        precondition(count >= 1, "\(count) threads")
        precondition(Self.count == 1, "threads are started once")
        guard count > 1 else { return true }
        guard let made = ThreadPool(helpers: count - 1) else { return false }
        pool.withLock { $0 = made }
        chosen.store(count, ordering: .relaxed)
        return true
    }

    /// The number of the calling thread: 0 for any that was not started here.
    public static var current: Int { count == 1 ? 0 : ThreadPool.numberOfCallingThread }

    /// Calls `body` once for each number below `count`, on several threads at once and in no particular order, and
    /// returns when all calls have.
    ///
    /// A loop inside of a loop, or one that finds the threads busy with another, runs on the calling thread alone.
    /// - Throws: of the errors that `body` threw, that of the lowest number.
    public static func forEach(_ count: Int, _ body: (Int) throws -> Void) throws {
        guard count > 1, Self.count > 1, let pool = pool.withLock({ $0 }) else {
            for index in 0..<count { try body(index) }
            return
        }
        try pool.forEach(count, body)
    }
}
