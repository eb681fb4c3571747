/// Gathering into new arrays, whose lengths the ranks need not know of each other.
extension Communicator {
    /// Returns each rank's value, in rank order, on every rank.
    public func allgather<Element: MPIElement>(
        _ value: Element, for purpose: String = "a gathering of values"
    ) throws -> [Element] {
        try [Element](unsafeUninitializedCapacity: size) { result, initialized in
            try withUnsafePointer(to: value) {
                try allgather(UnsafeBufferPointer(start: $0, count: 1), into: result, for: purpose)
            }
            initialized = size
        }
    }

    /// Returns each rank's array, in rank order, on every rank; the lengths may differ.
    public func allgather<Element: MPIElement>(
        _ values: [Element], for purpose: String = "a gathering of values"
    ) throws -> [[Element]] {
        let counts = try allgather(values.count, for: purpose)
        let gathered = try collect(counts.reduce(0, +)) { result in
            try values.withUnsafeBufferPointer { try allgather($0, into: result, counts: counts, for: purpose) }
        }
        return cut(gathered, counts)
    }

    /// Returns each rank's text, in rank order, on every rank.
    public func allgather(_ text: String, for purpose: String = "a gathering of values") throws -> [String] {
        try allgather(Array(text.utf8), for: purpose).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Returns each rank's array, in rank order, at the root, and nil elsewhere; the lengths may differ.
    public func gather<Element: MPIElement>(
        _ values: [Element], root: Int, for purpose: String = "a gathering of values"
    ) throws -> [[Element]]? {
        // All ranks learn the lengths, so that all of them refuse a total that is too large.
        let counts = try allgather(values.count, for: purpose)
        let gathered = try collect(rank == root ? counts.reduce(0, +) : 0) { result in
            try values.withUnsafeBufferPointer {
                try gather($0, into: result, counts: counts, root: root, for: purpose)
            }
        }
        return rank == root ? cut(gathered, counts) : nil
    }

    /// Returns each rank's text, in rank order, at the root, and nil elsewhere.
    public func gather(
        _ text: String, root: Int, for purpose: String = "a gathering of values"
    ) throws -> [String]? {
        try gather(Array(text.utf8), root: root, for: purpose)?.map { String(decoding: $0, as: UTF8.self) }
    }

    /// A new array of `count` elements that `fill` writes.
    private func collect<Element: MPIElement>(
        _ count: Int, _ fill: (UnsafeMutableBufferPointer<Element>) throws -> Void
    ) throws -> [Element] {
        try [Element](unsafeUninitializedCapacity: count) { storage, initialized in
            try fill(UnsafeMutableBufferPointer(rebasing: storage[..<count]))
            initialized = count
        }
    }

    /// The consecutive parts of `values` that have these lengths.
    private func cut<Element>(_ values: [Element], _ counts: [Int]) -> [[Element]] {
        var start = 0
        return counts.map { count in
            defer { start += count }
            return Array(values[start..<start + count])
        }
    }
}
