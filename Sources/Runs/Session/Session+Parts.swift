import MPI
import Training

/// Parts of the ranks that work on their own.
extension Session {
    /// The part of the ranks that this one belongs to, when each part has so many neighbouring ranks; the last may have
    /// fewer. A collective of all ranks.
    ///
    /// An error that is agreed on in a part is known to no rank of the others.
    package func part(ofRanks ranks: Int) throws -> Session {
        try Session(
            communicator.split(
                color: communicator.rank / ranks, key: communicator.rank, for: "ranks that work together"), of: self)
    }

    /// How many parts of so many ranks there are.
    package func parts(ofRanks ranks: Int) -> Int { (communicator.size + ranks - 1) / ranks }

    /// Whether a signal has asked one of the ranks to stop; a collective.
    package func isAskedToStop() throws -> Bool {
        try communicator.allreduce(StopSignal.isRaised ? 1 : 0, .max, for: "signals") == 1
    }

    /// Does something in each part of the ranks, and waits for the others; when one part fails, all ranks do.
    ///
    /// - Parameter body: throws only what all ranks of the part know of, or what ends the whole job.
    package func inParts<Value>(_ body: () throws -> Value) throws -> Value {
        let result: Result<Value, any Error>
        do {
            result = .success(try body())
        } catch let error where isKnownToAllRanks(error) {
            result = .failure(error)
        }
        try awaitAll(for: "the end of the other ranks' work")
        return try agree { try result.get() }
    }

    /// Returns when all ranks have come, however long that takes: a rank that waits leaves its core to others.
    private func awaitAll(for purpose: String) throws {
        let waiting = try communicator.split(color: 0, key: communicator.rank, for: purpose)
        try waiting.watchStalls(StallWatch.Limits(warningSeconds: nil, abortSeconds: nil)) { _ in }
        try waiting.barrier(for: purpose)
    }
}
