import COpenMPI

/// Gathering into the caller's buffers.
extension Communicator {
    /// Gathers as many elements from every rank, in rank order, on every rank.
    ///
    /// - Parameters:
    ///   - values: this rank's elements, as many on every rank.
    ///   - result: `values.count · size` elements, overwritten.
    ///   - purpose: what it is for, as a person should read it.
    /// - Throws: `MPIError.countTooLarge` beyond `Int32.max` elements a rank.
    public func allgather<Element: MPIElement>(
        _ values: UnsafeBufferPointer<Element>, into result: UnsafeMutableBufferPointer<Element>,
        for purpose: String = "a gathering of values"
    ) throws {
        precondition(
            result.count == values.count * size,
            "\(values.count) elements from each of \(size) ranks do not fill \(result.count)")
        try compareGathering("MPI_Iallgather", purpose, values.count, Element.datatype)
        let count = try exactCount(values.count, "MPI_Iallgather")
        let datatype = Element.datatype.handle
        try complete(purpose, "MPI_Iallgather") { request in
            MPI_Iallgather(
                values.baseAddress, count, datatype, result.baseAddress, count, datatype, handle,
                &request)
        }
    }

    /// Gathers as many elements from every rank, in rank order, at the root.
    ///
    /// - Parameters:
    ///   - values: this rank's elements, as many on every rank.
    ///   - result: `values.count · size` elements at the root, overwritten; ignored elsewhere, and may be empty there.
    ///   - root: the rank that receives.
    ///   - purpose: what it is for, as a person should read it.
    /// - Throws: `MPIError.countTooLarge` beyond `Int32.max` elements a rank.
    public func gather<Element: MPIElement>(
        _ values: UnsafeBufferPointer<Element>, into result: UnsafeMutableBufferPointer<Element>, root: Int,
        for purpose: String = "a gathering of values"
    ) throws {
        precondition(
            rank != root || result.count == values.count * size,
            "\(values.count) elements from each of \(size) ranks do not fill \(result.count)")
        try compareGathering("MPI_Igather", purpose, values.count, Element.datatype, root: root)
        let count = try exactCount(values.count, "MPI_Igather")
        let datatype = Element.datatype.handle
        try complete(purpose, "MPI_Igather") { request in
            MPI_Igather(
                values.baseAddress, count, datatype, result.baseAddress, count, datatype, rootArgument(root), handle,
                &request)
        }
    }

    /// Gathers a different number of elements from each rank, in rank order, on every rank.
    ///
    /// - Parameters:
    ///   - values: this rank's elements.
    ///   - result: the sum of `counts` elements, overwritten.
    ///   - counts: the number of elements of each rank; the same on all ranks.
    ///   - purpose: what it is for, as a person should read it.
    /// - Throws: `MPIError.countTooLarge` beyond `Int32.max` elements in all.
    public func allgather<Element: MPIElement>(
        _ values: UnsafeBufferPointer<Element>, into result: UnsafeMutableBufferPointer<Element>, counts: [Int],
        for purpose: String = "a gathering of values"
    ) throws {
        checkOwnCount(values.count, counts)
        try compareGathering("MPI_Iallgatherv", purpose, counts.reduce(0, +), Element.datatype)
        let layout = try GatherLayout(counts: counts, "MPI_Iallgatherv")
        precondition(result.count == layout.total, "\(layout.total) elements do not fill \(result.count)")
        let datatype = Element.datatype.handle
        try layout.withPointers { counts, offsets in
            try complete(purpose, "MPI_Iallgatherv") { request in
                MPI_Iallgatherv(
                    values.baseAddress, layout.counts[rank], datatype,
                    result.baseAddress, counts, offsets, datatype, handle, &request)
            }
        }
    }

    /// Gathers a different number of elements from each rank, in rank order, at the root.
    ///
    /// - Parameters:
    ///   - values: this rank's elements.
    ///   - result: the sum of `counts` elements at the root, overwritten; ignored elsewhere, and may be empty there.
    ///   - counts: the number of elements of each rank; the same on all ranks.
    ///   - root: the rank that receives.
    ///   - purpose: what it is for, as a person should read it.
    /// - Throws: `MPIError.countTooLarge` beyond `Int32.max` elements in all.
    public func gather<Element: MPIElement>(
        _ values: UnsafeBufferPointer<Element>, into result: UnsafeMutableBufferPointer<Element>, counts: [Int],
        root: Int, for purpose: String = "a gathering of values"
    ) throws {
        checkOwnCount(values.count, counts)
        try compareGathering("MPI_Igatherv", purpose, counts.reduce(0, +), Element.datatype, root: root)
        let layout = try GatherLayout(counts: counts, "MPI_Igatherv")
        precondition(
            rank != root || result.count == layout.total, "\(layout.total) elements do not fill \(result.count)")
        let datatype = Element.datatype.handle
        try layout.withPointers { counts, offsets in
            try complete(purpose, "MPI_Igatherv") { request in
                MPI_Igatherv(
                    values.baseAddress, layout.counts[rank], datatype,
                    result.baseAddress, counts, offsets, datatype, rootArgument(root), handle, &request)
            }
        }
    }

    private func compareGathering(
        _ call: StaticString, _ purpose: String, _ count: Int, _ datatype: MPIDatatype, root: Int? = nil
    ) throws {
        let detail = root.map { "at rank \($0)" } ?? ""
        try compare(
            CollectiveCall(call: call, purpose: purpose, count: count, datatype: datatype, detail: detail))
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

    /// MPI reads both until the collective is complete.
    func withPointers(
        _ body: (_ counts: UnsafePointer<Int32>?, _ offsets: UnsafePointer<Int32>?) throws -> Void
    ) throws {
        try counts.withUnsafeBufferPointer { counts in
            try offsets.withUnsafeBufferPointer { try body(counts.baseAddress, $0.baseAddress) }
        }
    }

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
