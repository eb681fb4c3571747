import MPI
import Models
import Normalization

/// The sums of a run over all its ranks, and the time they take.
///
/// This is how normalisation and the gradient exchange meet MPI.
public class TimedCommunicator: StatisticsReducer {
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

    /// How gradients are added up over these ranks.
    func gradientExchange(
        parameters: [Parameter], globallySummed: Set<String>, workers: Int
    ) -> any GradientExchange {
        ExactGradientExchange(parameters: parameters, globallySummed: globallySummed, workers: workers, reducer: self)
    }

    func timedSum<Element: MPIElement>(
        _ values: UnsafeMutableBufferPointer<Element>, _ purpose: String
    ) throws {
        guard communicator.size > 1 else { return }
        let start = MPIEnvironment.wallSeconds
        try communicator.allreduce(values, .sum, for: purpose)
        let end = MPIEnvironment.wallSeconds
        let messageBytes = values.count * MemoryLayout<Element>.stride
        seconds += end - start
        bytes += messageBytes
        messages += 1
        recorder?.addCollective(purpose, from: start, to: end, bytes: messageBytes)
    }
}

/// Sums in floating point, for those who want the last percent of speed: bits then depend on the number of ranks.
public final class FloatingPointCommunicator: TimedCommunicator, FloatingPointReducer {
    /// Replaces each value by its sum over all ranks, in whatever order MPI adds.
    public func sum(_ values: UnsafeMutableBufferPointer<Double>, for purpose: String) throws {
        try timedSum(values, purpose)
    }

    /// Replaces each value by its sum over all ranks, in whatever order MPI adds.
    public func sum(_ values: UnsafeMutableBufferPointer<Float>, for purpose: String) throws {
        try timedSum(values, purpose)
    }

    override func gradientExchange(
        parameters: [Parameter], globallySummed: Set<String>, workers: Int
    ) -> any GradientExchange {
        FloatingPointGradientExchange(parameters: parameters, globallySummed: globallySummed, reducer: self)
    }
}
