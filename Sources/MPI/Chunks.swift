/// The most elements that one reduction or broadcast takes.
///
/// MPI would count up to `Int32.max`, but 2²⁷ elements of 8 bytes keep Open MPI's own 32-bit *byte* counts from
/// overflowing too, and at this size one call more costs nothing.
let largestChunk = 1 << 27

/// Calls `body` with the offset and the count of each consecutive part of at most `limit` elements.
///
/// Equal counts are cut alike on all ranks, so that each part can be a collective.
@inline(__always)
func forEachChunk(of count: Int, limit: Int, _ body: (_ offset: Int, _ count: Int32) throws -> Void) rethrows {
    var offset = 0
    while offset < count {
        let part = min(limit, count - offset)
        try body(offset, Int32(part))
        offset += part
    }
}
