import Synchronization

/// A loop that several threads take numbers from.
///
/// Only its owner makes and ends it, while no other thread is inside.
final class Loop: @unchecked Sendable {
    private let count: Int
    private let body: (Int) throws -> Void
    private let next = Atomic<Int>(0)
    private let failure = Mutex<(index: Int, error: any Error)?>(nil)

    init(count: Int, body: @escaping (Int) throws -> Void) {
        self.count = count
        self.body = body
    }

    var firstError: (any Error)? { failure.withLock { $0?.error } }

    /// Takes numbers until none is left.
    func takePart() {
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            do {
                try body(index)
            } catch {
                failure.withLock { if index < $0?.index ?? .max { $0 = (index, error) } }
            }
        }
    }
}
