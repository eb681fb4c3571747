import MPI
import Normalization

/// The integer sums of a run over all its ranks, and the time they take.
///
/// This is how normalisation and the gradient exchange meet MPI.
public final class TimedCommunicator: StatisticsReducer {
    /// All ranks of the run.
    public let communicator: Communicator
    /// Seconds spent in collectives so far: waiting for other ranks and moving data.
    public private(set) var seconds = 0.0
    /// Bytes that this rank gave to collectives so far.
    public private(set) var bytes = 0
    /// Collectives so far.
    public private(set) var messages = 0

    /// Sums over the ranks of `communicator`.
    public init(_ communicator: Communicator) {
        self.communicator = communicator
    }

    /// Replaces each value by its sum over all ranks; with one rank nothing happens.
    public func sum(_ values: UnsafeMutableBufferPointer<Int64>) throws {
        guard communicator.size > 1 else { return }
        let start = MPIEnvironment.wallSeconds
        try communicator.allreduce(values, .sum)
        seconds += MPIEnvironment.wallSeconds - start
        bytes += values.count * MemoryLayout<Int64>.stride
        messages += 1
    }
}
