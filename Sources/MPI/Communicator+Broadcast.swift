import COpenMPI

extension Communicator {
    /// Copies the root's elements to every rank.
    ///
    /// - Parameters:
    ///   - buffer: as many elements on every rank; read at the root, overwritten elsewhere.
    ///   - root: the rank that sends.
    ///   - purpose: what it is for, as a person should read it who wonders what a rank waits for.
    @inlinable
    public func broadcast<Element: MPIElement>(
        _ buffer: UnsafeMutableBufferPointer<Element>, root: Int, for purpose: String = "a broadcast"
    ) throws {
        try broadcast(
            UnsafeMutableRawPointer(buffer.baseAddress), buffer.count, Element.datatype, root: root, purpose)
    }

    /// Returns the root's array on every rank; what the other ranks pass, of any length, is ignored.
    public func broadcast<Element: MPIElement>(
        _ values: [Element], root: Int, for purpose: String = "a broadcast"
    ) throws -> [Element] {
        let count = try broadcast(values.count, root: root, for: purpose)
        var result = rank == root ? values : []
        if rank != root {
            result = [Element](unsafeUninitializedCapacity: count) { _, initialized in initialized = count }
        }
        try result.withUnsafeMutableBufferPointer { try broadcast($0, root: root, for: purpose) }
        return result
    }

    /// Returns the root's text on every rank; what the other ranks pass is ignored.
    public func broadcast(_ text: String, root: Int, for purpose: String = "a broadcast") throws -> String {
        String(decoding: try broadcast(Array(text.utf8), root: root, for: purpose), as: UTF8.self)
    }

    /// Returns the root's value on every rank; what the other ranks pass is ignored.
    @inlinable
    public func broadcast<Element: MPIElement>(
        _ value: Element, root: Int, for purpose: String = "a broadcast"
    ) throws -> Element {
        var result = value
        try withUnsafeMutablePointer(to: &result) {
            try broadcast(UnsafeMutableBufferPointer(start: $0, count: 1), root: root, for: purpose)
        }
        return result
    }

    @usableFromInline
    func broadcast(
        _ buffer: UnsafeMutableRawPointer?, _ count: Int, _ datatype: MPIDatatype, root: Int, _ purpose: String
    ) throws {
        try compare(
            CollectiveCall(
                call: "MPI_Ibcast", purpose: purpose, count: count, datatype: datatype, detail: "from rank \(root)"))
        try forEachChunk(of: count, limit: largestChunk) { offset, count in
            let start = buffer?.advanced(by: offset * datatype.stride)
            try complete(purpose, "MPI_Ibcast") { request in
                MPI_Ibcast(start, count, datatype.handle, rootArgument(root), handle, &request)
            }
        }
    }

    /// The root as MPI takes it. Clamping keeps a rank that does not exist one that does not exist, and MPI says so.
    func rootArgument(_ root: Int) -> Int32 { Int32(clamping: root) }
}
