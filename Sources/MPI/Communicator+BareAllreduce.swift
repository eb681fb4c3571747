import COpenMPI

extension Communicator {
    /// The same sum as `allreduce`, by MPI's blocking call: not watched for stalls, and only there to measure what
    /// watching costs.
    ///
    /// - Parameter buffer: this rank's elements, as many on every rank; overwritten by the result.
    /// - Throws: `MPIError.countTooLarge` beyond `Int32.max` elements.
    package func bareAllreduce(_ buffer: UnsafeMutableBufferPointer<Int64>) throws {
        try compare(
            CollectiveCall(
                call: "MPI_Allreduce", purpose: "a measurement", count: buffer.count, datatype: .int64, detail: "sum"))
        let count = try exactCount(buffer.count, "MPI_Allreduce")
        let code = MPI_Allreduce(
            shim_MPI_IN_PLACE(), buffer.baseAddress, count, MPIDatatype.int64.handle, Reduction.sum.handle, handle)
        try check(code, "MPI_Allreduce")
    }
}
