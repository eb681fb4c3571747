import Autograd
import MPI
import Reports

/// Takes the time of every layer and collective of a training, step by step.
///
/// Each piece of work costs two looks at the clock and an addition. Whole spans are kept only for the steps of the trace;
/// no memory grows with the number of steps. Nothing here has a part in what the training computes.
public final class ProfileRecorder: Probe {
    /// Steps in which kernels are made and buffers find their sizes.
    static let warmUpSteps = 3
    /// How many steps from the middle of the run the trace shows; before them it shows those of the warm-up.
    static let tracedSteps = 20

    let communicator: Communicator
    private(set) var clock: AlignedClock
    private(set) var recording: Recording
    private let now: () -> Double
    private var steps = 0..<0
    private var tracedRanges: [Range<Int>] = []

    /// - Parameters:
    ///   - communicator: all ranks of the run.
    ///   - clock: seconds since some moment; never steps back.
    public init(_ communicator: Communicator, clock: @escaping () -> Double = { MPIEnvironment.wallSeconds }) {
        self.communicator = communicator
        self.clock = AlignedClock(now: clock)
        now = clock
        recording = Recording(ranks: communicator.size)
    }

    /// Says which steps are to come, counted from 0, and compares the ranks' clocks; a collective.
    public func begin(steps: Range<Int>) throws {
        self.steps = steps
        tracedRanges = Self.traced(steps)
        try clock.measure(over: communicator)
    }

    /// How many of the first steps do not count.
    static func warmUp(_ steps: Range<Int>) -> Int { min(warmUpSteps, steps.count / 2) }

    /// The steps of the trace: those of the warm-up, and then some from the middle.
    static func traced(_ steps: Range<Int>) -> [Range<Int>] {
        let warm = steps.lowerBound..<steps.lowerBound + warmUp(steps)
        let start = max(warm.upperBound, (warm.upperBound + steps.upperBound - tracedSteps) / 2)
        return [warm, start..<min(start + tracedSteps, steps.upperBound)]
    }

    /// A step begins, counted from 0.
    func beginStep(_ step: Int) {
        recording.beginStep(
            step, isTraced: tracedRanges.contains { $0.contains(step) },
            counts: step >= steps.lowerBound + Self.warmUp(steps), at: now())
    }

    /// The step is done; now and then a collective.
    func endStep() throws {
        recording.endStep(at: now())
        if recording.collectives.isFull { try settle() }
    }

    /// Work on a layer begins; outside of steps nothing is recorded.
    public func begin(_ layer: String, _ phase: PassPhase) {
        recording.begin(layer, phase, at: now())
    }

    /// The work that began last ends.
    public func end() {
        recording.end(at: now())
    }

    /// A collective is done; it belongs to the layer at work.
    func addCollective(_ purpose: String, from start: Double, to end: Double, bytes: Int) {
        recording.addCollective(purpose, from: start, to: end, bytes: bytes)
    }

    /// What was recorded; a collective, after the last step.
    public func finish() throws -> RankProfile {
        try settle()
        return RankProfile(
            rank: communicator.rank, host: try MPIEnvironment.hostName(), steps: recording.countedSteps,
            warmUpSteps: Self.warmUp(steps), seconds: recording.countedSeconds,
            clockErrorSeconds: clock.errorSeconds, layers: recording.totals)
    }

    private func settle() throws {
        try clock.measure(over: communicator)
        let settled = try recording.collectives.settle(over: communicator, clock: clock)
        for (entry, outcome) in settled { recording.add(outcome, of: entry) }
    }
}
