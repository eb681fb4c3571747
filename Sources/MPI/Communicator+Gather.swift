import COpenMPI

/// Gathering into the caller's buffers.
extension Communicator {
    /// Gathers as many elements from every rank, in rank order, on every rank.
    ///
    /// - Parameters:
    ///   - values: this rank's elements, as many on every rank.
    ///   - result: `values.count · size` elements, overwritten.
    /// - Throws: `MPIError.countTooLarge` beyond `Int32.max` elements a rank.
    public func allgather<Element: MPIElement>(
        _ values: UnsafeBufferPointer<Element>, into result: UnsafeMutableBufferPointer<Element>
    ) throws {
        precondition(
            result.count == values.count * size,
            "\(values.count) elements from each of \(size) ranks do not fill \(result.count)")
        let count = try exactCount(values.count, "MPI_Allgather")
        let datatype = Element.datatype.handle
        try awaitOthers("a gathering of values")
        let code = MPI_Allgather(values.baseAddress, count, datatype, result.baseAddress, count, datatype, handle)
        try check(code, "MPI_Allgather")
    }

    /// Gathers as many elements from every rank, in rank order, at the root.
    ///
    /// - Parameters:
    ///   - values: this rank's elements, as many on every rank.
    ///   - result: `values.count · size` elements at the root, overwritten; ignored elsewhere, and may be empty there.
    ///   - root: the rank that receives.
    /// - Throws: `MPIError.countTooLarge` beyond `Int32.max` elements a rank.
    public func gather<Element: MPIElement>(
        _ values: UnsafeBufferPointer<Element>, into result: UnsafeMutableBufferPointer<Element>, root: Int
    ) throws {
        precondition(
            rank != root || result.count == values.count * size,
            "\(values.count) elements from each of \(size) ranks do not fill \(result.count)")
        let count = try exactCount(values.count, "MPI_Gather")
        let datatype = Element.datatype.handle
        try awaitOthers("a gathering of values")
        let code = MPI_Gather(
            values.baseAddress, count, datatype, result.baseAddress, count, datatype, rootArgument(root), handle)
        try check(code, "MPI_Gather")
    }

    /// Gathers a different number of elements from each rank, in rank order, on every rank.
    ///
    /// - Parameters:
    ///   - values: this rank's elements.
    ///   - result: the sum of `counts` elements, overwritten.
    ///   - counts: the number of elements of each rank; the same on all ranks.
    /// - Throws: `MPIError.countTooLarge` beyond `Int32.max` elements in all.
    public func allgather<Element: MPIElement>(
        _ values: UnsafeBufferPointer<Element>, into result: UnsafeMutableBufferPointer<Element>, counts: [Int]
    ) throws {
        checkOwnCount(values.count, counts)
        let layout = try GatherLayout(counts: counts, "MPI_Allgatherv")
        precondition(result.count == layout.total, "\(layout.total) elements do not fill \(result.count)")
        let datatype = Element.datatype.handle
        try awaitOthers("a gathering of values")
        let code = MPI_Allgatherv(
            values.baseAddress, layout.counts[rank], datatype,
            result.baseAddress, layout.counts, layout.offsets, datatype, handle)
        try check(code, "MPI_Allgatherv")
    }

    /// Gathers a different number of elements from each rank, in rank order, at the root.
    ///
    /// - Parameters:
    ///   - values: this rank's elements.
    ///   - result: the sum of `counts` elements at the root, overwritten; ignored elsewhere, and may be empty there.
    ///   - counts: the number of elements of each rank; the same on all ranks.
    ///   - root: the rank that receives.
    /// - Throws: `MPIError.countTooLarge` beyond `Int32.max` elements in all.
    public func gather<Element: MPIElement>(
        _ values: UnsafeBufferPointer<Element>, into result: UnsafeMutableBufferPointer<Element>, counts: [Int],
        root: Int
    ) throws {
        checkOwnCount(values.count, counts)
        let layout = try GatherLayout(counts: counts, "MPI_Gatherv")
        precondition(
            rank != root || result.count == layout.total, "\(layout.total) elements do not fill \(result.count)")
        let datatype = Element.datatype.handle
        try awaitOthers("a gathering of values")
        let code = MPI_Gatherv(
            values.baseAddress, layout.counts[rank], datatype,
            result.baseAddress, layout.counts, layout.offsets, datatype, rootArgument(root), handle)
        try check(code, "MPI_Gatherv")
    }

    private func checkOwnCount(_ count: Int, _ counts: [Int]) {
        precondition(counts.count == size, "\(counts.count) counts for \(size) ranks")
        precondition(counts[rank] == count, "rank \(rank) passes \(count) elements and announces \(counts[rank])")
    }
}

/// Where the elements of each rank lie in the gathered buffer.
struct GatherLayout {
    let counts: [Int32]
    let offsets: [Int32]
    let total: Int

    /// - Throws: `MPIError.countTooLarge`, on all ranks alike, when an offset would not fit MPI's 32 bits.
    init(counts: [Int], _ call: StaticString) throws {
        total = counts.reduce(0, +)
        _ = try exactCount(total, call)
        var offsets: [Int32] = []
        var offset = 0
        for count in counts {
            offsets.append(try exactCount(offset, call))
            offset += count
        }
        self.counts = try counts.map { try exactCount($0, call) }
        self.offsets = offsets
    }
}
