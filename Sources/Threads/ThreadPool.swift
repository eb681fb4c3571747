import Glibc
import Synchronization

/// Threads that wait for loops: for a moment awake, because the next one usually comes soon, then asleep.
final class ThreadPool: @unchecked Sendable {
    /// Looks for a new loop before a thread goes to sleep; each gives up the core for a moment.
    private static let pollsBeforeSleep = 200

    private static let numberKey: pthread_key_t = {
        var key = pthread_key_t()
        let status = pthread_key_create(&key, nil)
        precondition(status == 0, "pthread_key_create failed with \(status)")
        return key
    }()

    private let isReserved = Atomic<Bool>(false)
    /// Counts loops, so that a thread sees that a new one has begun.
    private let loops = Atomic<Int>(0)
    private let isOpen = Atomic<Bool>(false)
    /// Threads that may be looking at `loop`.
    private let visitors = Atomic<Int>(0)
    /// Written by the owner of the pool while it is closed and nobody visits.
    private var loop: Loop?

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let newLoop = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    /// nil when the system does not give as many threads. The threads live as long as the process.
    init?(helpers: Int) {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(newLoop, nil)
        for number in 1...helpers {
            let start = Unmanaged.passRetained(Start(pool: self, number: number))
            var thread = pthread_t()
            let status = pthread_create(
                &thread, nil,
                { argument in
                    guard let argument else { return nil }
                    let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                    pthread_setspecific(ThreadPool.numberKey, UnsafeRawPointer(bitPattern: start.number))
                    start.pool.help()
                }, start.toOpaque())
            guard status == 0 else {
                start.release()
                return nil
            }
            pthread_detach(thread)
        }
    }

    private final class Start {
        let pool: ThreadPool
        let number: Int

        init(pool: ThreadPool, number: Int) {
            self.pool = pool
            self.number = number
        }
    }

    /// 0 for a thread of somebody else's.
    static var numberOfCallingThread: Int { Int(bitPattern: pthread_getspecific(numberKey)) }

    /// Calls `body` once for each number below `count`, on all threads that come in time; on the calling thread alone when
    /// a loop is under way.
    func forEach(_ count: Int, _ body: (Int) throws -> Void) throws {
        guard isReserved.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
            for index in 0..<count { try body(index) }
            return
        }
        defer { isReserved.store(false, ordering: .releasing) }
        try withoutActuallyEscaping(body) { body in
            let loop = Loop(count: count, body: body)
            run(loop)
            if let error = loop.firstError { throw error }
        }
    }

    private func run(_ loop: Loop) {
        self.loop = loop
        isOpen.store(true, ordering: .sequentiallyConsistent)
        loops.wrappingAdd(1, ordering: .sequentiallyConsistent)
        pthread_mutex_lock(mutex)
        pthread_cond_broadcast(newLoop)
        pthread_mutex_unlock(mutex)
        loop.takePart()
        isOpen.store(false, ordering: .sequentiallyConsistent)
        while visitors.load(ordering: .sequentiallyConsistent) > 0 { sched_yield() }
        self.loop = nil
    }

    private func help() -> Never {
        var seen = 0
        while true {
            seen = waitForLoop(after: seen)
            visitors.wrappingAdd(1, ordering: .sequentiallyConsistent)
            // While it is open, and somebody visits, the loop stays.
            if isOpen.load(ordering: .sequentiallyConsistent) { loop?.takePart() }
            visitors.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        }
    }

    private func waitForLoop(after seen: Int) -> Int {
        for _ in 0..<Self.pollsBeforeSleep {
            let current = loops.load(ordering: .acquiring)
            if current != seen { return current }
            sched_yield()
        }
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            let current = loops.load(ordering: .acquiring)
            if current != seen { return current }
            pthread_cond_wait(newLoop, mutex)
        }
    }
}
