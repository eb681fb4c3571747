import MPI
import Workers

/// The sums and gatherings of a run over all its ranks by MPI, and the time they take.
public final class RankTransport: Transport {
    /// All ranks of the run.
    public let communicator: Communicator
    /// Seconds spent in collectives so far: waiting for other ranks and moving data.
    public private(set) var seconds = 0.0
    /// Bytes that this rank gave to collectives so far.
    public private(set) var bytes = 0
    /// Collectives so far.
    public private(set) var messages = 0
    /// Where the time of the steps goes; nil: nobody asked.
    public var recorder: ProfileRecorder?

    /// Sums over the ranks of `communicator`.
    public init(_ communicator: Communicator) {
        self.communicator = communicator
    }

    /// Replaces each value by its sum over all ranks; with one rank nothing happens.
    public func sum(_ values: UnsafeMutableBufferPointer<Int64>, for purpose: String) throws {
        try timedSum(values, purpose)
    }

    /// The same in floating point, in whatever order MPI adds.
    public func sum(_ values: UnsafeMutableBufferPointer<Double>, for purpose: String) throws {
        try timedSum(values, purpose)
    }

    /// The same in floating point, in whatever order MPI adds.
    public func sum(_ values: UnsafeMutableBufferPointer<Float>, for purpose: String) throws {
        try timedSum(values, purpose)
    }

    /// Gathers the values of all ranks, in their order; with one rank they are copied.
    public func gather(
        _ values: UnsafeBufferPointer<Float>, into all: UnsafeMutableBufferPointer<Float>, counts: [Int], rank: Int,
        for purpose: String
    ) throws {
        guard communicator.size > 1 else {
            _ = all.update(from: values)
            return
        }
        try timed(purpose, bytes: values.count * MemoryLayout<Float>.stride) {
            try communicator.allgather(values, into: all, counts: counts, for: purpose)
        }
    }

    private func timedSum<Element: MPIElement>(
        _ values: UnsafeMutableBufferPointer<Element>, _ purpose: String
    ) throws {
        guard communicator.size > 1 else { return }
        try timed(purpose, bytes: values.count * MemoryLayout<Element>.stride) {
            try communicator.allreduce(values, .sum, for: purpose)
        }
    }

    private func timed(_ purpose: String, bytes messageBytes: Int, _ collective: () throws -> Void) rethrows {
        let start = MPIEnvironment.wallSeconds
        try collective()
        let end = MPIEnvironment.wallSeconds
        seconds += end - start
        bytes += messageBytes
        messages += 1
        recorder?.addCollective(purpose, from: start, to: end, bytes: messageBytes)
    }
}
