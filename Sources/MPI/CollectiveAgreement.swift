import COpenMPI

/// What one collective is, as every rank that takes part must see it.
struct CollectiveCall {
    /// The name of MPI's function.
    let call: StaticString
    /// What it is for.
    let purpose: String
    /// Elements on each rank; of all ranks together where they may have different numbers.
    let count: Int
    /// nil: it moves no elements.
    let datatype: MPIDatatype?
    /// How elements become one, or which rank they go to or come from; empty for neither.
    let detail: String

    /// For example `MPI_Iallreduce of 5 int64 (sum) for the moments of normalization1`.
    var text: String {
        let elements = datatype.map { " of \(count) \($0)" } ?? ""
        return "\(call)\(elements)\(detail.isEmpty ? "" : " (\(detail))") for \(purpose)"
    }
}

/// In a debug build the ranks compare what they are about to do before each collective.
///
/// Ranks whose programs have drifted apart would meet in collectives that are not the same one: equal counts then add up
/// what does not belong together, without a word, and unequal ones end in an error of MPI's that names neither, or in
/// waiting. A release build does not spend the message.
extension Communicator {
    /// Whether the ranks compare; the same on all of them.
    package static var isDebugBuild: Bool {
        #if DEBUG
            true
        #else
            false
        #endif
    }

    /// Makes all ranks fail when one is about to start another collective than the first.
    ///
    /// - Throws: `MPIError.drifted` on every rank, naming the lowest rank that differs.
    func compare(_ collective: @autoclosure () -> CollectiveCall) throws {
        guard comparesCollectives, size > 1 else { return }
        let own = collective()
        let texts = try exchange(own.text, for: own.purpose)
        guard let other = texts.indices.first(where: { texts[$0] != texts[0] }) else { return }
        throw MPIError.drifted(rank: other, collective: texts[other], onFirstRank: texts[0])
    }

    /// The ranks' texts. All ranks send records of one size, whatever they are about to do.
    private func exchange(_ text: String, for purpose: String) throws -> [String] {
        let bytes = 256
        let own = [UInt8](text.utf8.prefix(bytes))
        let record = own + [UInt8](repeating: 0, count: bytes - own.count)
        var records = [UInt8](repeating: 0, count: bytes * size)
        try record.withUnsafeBufferPointer { record in
            try records.withUnsafeMutableBufferPointer { records in
                var request: MPI_Request? = shim_MPI_REQUEST_NULL()
                let (type, count) = (MPIDatatype.uint8.handle, Int32(bytes))
                let code = MPI_Iallgather(
                    record.baseAddress, count, type, records.baseAddress, count, type, handle, &request)
                try check(code, "MPI_Iallgather")
                try complete(Request(handle: request), purpose)
            }
        }
        return (0..<size).map { rank in
            String(decoding: records[rank * bytes..<(rank + 1) * bytes].prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
