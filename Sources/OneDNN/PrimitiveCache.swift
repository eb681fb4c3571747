import Synchronization
import Threads

/// The primitives made so far, by shape and thread: a primitive computes one call at a time. They live as long as the
/// process: a network has few shapes, and making one compiles machine code.
final class PrimitiveCache<Shape: Hashable & Sendable, Primitive: Sendable>: Sendable {
    private struct Key: Hashable {
        let shape: Shape
        let thread: Int
    }

    private let made = Mutex<[Key: Primitive]>([:])

    /// The primitive for `shape` and the calling thread, which `make` makes if there is none.
    func primitive(for shape: Shape, make: (Shape) throws -> Primitive) throws -> Primitive {
        let key = Key(shape: shape, thread: Threads.current)
        return try made.withLock { made in
            if let found = made[key] { return found }
            let primitive = try make(shape)
            made[key] = primitive
            return primitive
        }
    }
}
