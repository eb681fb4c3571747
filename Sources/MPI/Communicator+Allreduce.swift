import COpenMPI

extension Communicator {
    /// Reduces element by element over the ranks; every rank gets the result.
    ///
    /// - Parameters:
    ///   - buffer: this rank's elements, as many on every rank; overwritten by the result.
    ///   - reduction: how the ranks' elements become one.
    ///   - purpose: what it is for, as a person should read it who wonders what a rank waits for.
    @inlinable
    public func allreduce<Element: MPIElement>(
        _ buffer: UnsafeMutableBufferPointer<Element>, _ reduction: Reduction, for purpose: String = "a reduction"
    ) throws {
        try allreduce(UnsafeMutableRawPointer(buffer.baseAddress), buffer.count, Element.datatype, reduction, purpose)
    }

    /// Reduces element by element over the ranks.
    ///
    /// - Parameters:
    ///   - values: this rank's elements, as many on every rank; overwritten by the result.
    ///   - reduction: how the ranks' elements become one.
    ///   - purpose: what it is for, as a person should read it.
    @inlinable
    public func allreduce<Element: MPIElement>(
        _ values: inout [Element], _ reduction: Reduction, for purpose: String = "a reduction"
    ) throws {
        try values.withUnsafeMutableBufferPointer { try allreduce($0, reduction, for: purpose) }
    }

    /// Reduces one value over the ranks and returns the result on each.
    @inlinable
    public func allreduce<Element: MPIElement>(
        _ value: Element, _ reduction: Reduction, for purpose: String = "a reduction"
    ) throws -> Element {
        var result = value
        try withUnsafeMutablePointer(to: &result) {
            try allreduce(UnsafeMutableBufferPointer(start: $0, count: 1), reduction, for: purpose)
        }
        return result
    }

    /// Starts a reduction and returns at once; the result is there when the request has been waited for.
    ///
    /// Open MPI moves the data only inside MPI calls: a `test` now and then keeps it going.
    /// - Parameters:
    ///   - buffer: this rank's elements, as many on every rank; overwritten by the result. It must stay where it is,
    ///     neither read nor written, until the request is complete.
    ///   - reduction: how the ranks' elements become one.
    ///   - purpose: what it is for, as a person should read it.
    /// - Throws: `MPIError.countTooLarge` beyond `Int32.max` elements.
    @inlinable
    public func iallreduce<Element: MPIElement>(
        _ buffer: UnsafeMutableBufferPointer<Element>, _ reduction: Reduction, for purpose: String = "a reduction"
    ) throws -> Request {
        try iallreduce(
            UnsafeMutableRawPointer(buffer.baseAddress), buffer.count, Element.datatype, reduction, purpose)
    }

    @usableFromInline
    func allreduce(
        _ buffer: UnsafeMutableRawPointer?, _ count: Int, _ datatype: MPIDatatype, _ reduction: Reduction,
        _ purpose: String
    ) throws {
        try forEachChunk(of: count, limit: largestChunk) { offset, count in
            let start = buffer?.advanced(by: offset * datatype.stride)
            try complete(iallreduce(start, Int(count), datatype, reduction, purpose), purpose)
        }
    }

    @usableFromInline
    func iallreduce(
        _ buffer: UnsafeMutableRawPointer?, _ count: Int, _ datatype: MPIDatatype, _ reduction: Reduction,
        _ purpose: String
    ) throws -> Request {
        try compare(
            CollectiveCall(
                call: "MPI_Iallreduce", purpose: purpose, count: count, datatype: datatype, detail: "\(reduction)"))
        let count = try exactCount(count, "MPI_Iallreduce")
        var request: MPI_Request? = shim_MPI_REQUEST_NULL()
        let code = MPI_Iallreduce(
            shim_MPI_IN_PLACE(), buffer, count, datatype.handle, reduction.handle, handle, &request)
        try check(code, "MPI_Iallreduce")
        return Request(handle: request)
    }
}
