import Synchronization

/// Memory for a tensor, taken from a pool and given back when the last owner lets go.
///
/// A training step asks for the same sizes again and again, so that after the first step nothing is allocated on the
/// heap that grows with the batch. Fresh memory is not cleared.
public final class Buffer {
    /// The first byte; aligned for vector instructions.
    public let address: UnsafeMutableRawPointer
    /// Bytes that may be used, at least as many as were asked for.
    public let capacity: Int

    /// Memory for `byteCount` bytes, with unspecified content.
    public init(byteCount: Int) {
        capacity = BufferPool.sizeClass(byteCount)
        address = BufferPool.take(capacity)
    }

    deinit {
        BufferPool.giveBack(address, capacity)
    }

    /// The memory as values of Float.
    public var floats: UnsafeMutablePointer<Float> { address.assumingMemoryBound(to: Float.self) }
    /// The memory as values of Double.
    public var doubles: UnsafeMutablePointer<Double> { address.assumingMemoryBound(to: Double.self) }
    /// The memory as values of Int64.
    public var integers: UnsafeMutablePointer<Int64> { address.assumingMemoryBound(to: Int64.self) }
}

/// Free memory by size.
public enum BufferPool {
    private static let alignment = 64
    private static let free = Mutex<[Int: [UInt]]>([:])
    private static let heapAllocations = Atomic<Int>(0)

    /// Whether memory that was given back is handed out again. Not in builds with a sanitizer, which sees a use past the
    /// end or after the release only if the memory is the heap's own and of the size that was asked for.
    public static var reusesMemory: Bool {
        #if SANITIZER
            return false
        #else
            return true
        #endif
    }

    /// How often the pool had to ask the heap since the program began.
    public static var allocationCount: Int { heapAllocations.load(ordering: .relaxed) }

    /// Sizes are rounded up by at most an eighth, so that batches of nearly one size share memory.
    static func sizeClass(_ byteCount: Int) -> Int {
        guard reusesMemory else { return byteCount }
        let bytes = max(byteCount, 512)
        let step = max(512, 1 << (Int.bitWidth - 1 - bytes.leadingZeroBitCount - 3))
        return (bytes + step - 1) / step * step
    }

    static func take(_ capacity: Int) -> UnsafeMutableRawPointer {
        if reusesMemory, let address = takeFree(capacity) { return address }
        heapAllocations.wrappingAdd(1, ordering: .relaxed)
        return .allocate(byteCount: capacity, alignment: alignment)
    }

    private static func takeFree(_ capacity: Int) -> UnsafeMutableRawPointer? {
        free.withLock { $0[capacity]?.popLast() }.flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
    }

    static func giveBack(_ address: UnsafeMutableRawPointer, _ capacity: Int) {
        guard reusesMemory else { return address.deallocate() }
        free.withLock { $0[capacity, default: []].append(UInt(bitPattern: address)) }
    }
}
