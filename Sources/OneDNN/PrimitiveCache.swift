import Synchronization
import Threads

/// The primitives of one kind made so far, by shape and thread: a primitive computes one call at a time. They live as
/// long as the process: a network has few shapes, and making one compiles machine code.
public struct PrimitiveCache<Shape: Hashable & Sendable, Primitive: Sendable>: Sendable {
    private struct Key: Hashable {
        let shape: Shape
        let thread: Int
    }

    // A closure, because it is compiled where both types are known: the body of a generic function would look up many
    // times slower when another target calls it.
    private let find: @Sendable (Shape) throws -> Primitive

    init(_ make: @escaping @Sendable (Shape) throws -> Primitive) {
        let made = Mutex<[Key: Primitive]>([:])
        find = { shape in
            let key = Key(shape: shape, thread: Threads.current)
            return try made.withLock { made in
                if let found = made[key] { return found }
                let primitive = try make(shape)
                made[key] = primitive
                return primitive
            }
        }
    }

    /// The one for `shape` and the calling thread: made at the first request, then found.
    ///
    /// - Throws: `impossibleShape`; `callFailed` if oneDNN has no kernel for it.
    public func callAsFunction(_ shape: Shape) throws -> Primitive { try find(shape) }
}
