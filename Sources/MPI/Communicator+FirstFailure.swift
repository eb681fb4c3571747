extension Communicator {
    /// Lets the ranks fail together: tells all of them alike whether one of them has failed, and how.
    ///
    /// Called by every rank after a step that may fail on some only (reading a file), and before the next collective,
    /// in which a rank that gave up would leave the others waiting. While all is well it costs one small reduction.
    /// - Parameters:
    ///   - message: what went wrong on this rank, or nil.
    ///   - purpose: what may have failed.
    /// - Returns: the lowest rank that passed a message, with its message, or nil when none did.
    public func firstFailure(
        _ message: String?, for purpose: String = "an agreement"
    ) throws -> (rank: Int, message: String)? {
        let failed = try allreduce(message == nil ? size : rank, .min, for: purpose)
        if failed == size { return nil }
        return (failed, try broadcast(message ?? "", root: failed, for: purpose))
    }
}
