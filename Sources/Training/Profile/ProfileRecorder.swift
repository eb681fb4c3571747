import Autograd
import MPI

/// Takes the time of every layer and collective of a training, step by step.
///
/// Each piece of work costs two looks at the clock and an addition. Whole spans are kept only for the steps of the trace;
/// no memory grows with the number of steps. Nothing here has a part in what the training computes.
public final class ProfileRecorder: OperationObserver {
    /// Steps in which kernels are made and buffers find their sizes.
    static let warmUpSteps = 3
    /// How many steps from the middle of the run the trace shows; before them it shows those of the warm-up.
    static let tracedSteps = 20

    let communicator: Communicator
    private(set) var clock: AlignedClock
    private(set) var layers = Names()
    private(set) var purposes = Names()
    /// The spans of the traced steps, in the order in which they began.
    private(set) var spans: [Span] = []

    private var totals: [LayerProfile] = []
    private var collectives = CollectiveLog()
    /// The work under way, outermost first.
    private var open: [Work] = []
    private var steps = 0..<0
    private var tracedRanges: [Range<Int>] = []
    private var firstCountedStep = 0
    private var countedSteps = 0
    private var countedSeconds = 0.0
    private var current: Step?

    private struct Work {
        let layer: Int
        let phase: OperationPhase
        let start: Double
        let span: Int?
        /// Seconds of what lies within.
        var innerSeconds = 0.0
    }

    private struct Step {
        let start: Double
        let span: Int?
        let counts: Bool
    }

    /// - Parameters:
    ///   - communicator: all ranks of the run.
    ///   - clock: seconds since some moment; never steps back.
    public init(_ communicator: Communicator, clock: @escaping () -> Double = { MPIEnvironment.wallSeconds }) {
        self.communicator = communicator
        self.clock = AlignedClock(now: clock)
        spans.reserveCapacity(4096)
        open.reserveCapacity(16)
    }

    /// Says which steps are to come, counted from 0, and compares the ranks' clocks; a collective.
    public func begin(steps: Range<Int>) throws {
        self.steps = steps
        firstCountedStep = steps.lowerBound + Self.warmUp(steps)
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
        let start = clock.now()
        let isTraced = tracedRanges.contains { $0.contains(step) }
        current = Step(
            start: start, span: isTraced ? beginSpan(.step(step), at: start) : nil, counts: step >= firstCountedStep)
    }

    /// The step is done; now and then a collective.
    func endStep() throws {
        guard let step = current else { return }
        let end = clock.now()
        if step.counts {
            countedSteps += 1
            countedSeconds += end - step.start
        }
        if let span = step.span { spans[span].end = end }
        current = nil
        if collectives.isFull { try settle() }
    }

    /// Work on a layer begins; outside of steps nothing is recorded.
    public func begin(_ layer: String, _ phase: OperationPhase) {
        guard let current else { return }
        let index = layers.index(of: layer)
        if index == totals.count { totals.append(LayerProfile(name: layer, ranks: communicator.size)) }
        let start = clock.now()
        let span = current.span == nil ? nil : beginSpan(.work(layer: index, phase: phase), at: start)
        open.append(Work(layer: index, phase: phase, start: start, span: span))
    }

    /// The work that began last ends.
    public func end() {
        guard let current, let work = open.popLast() else { return }
        let end = clock.now()
        if let span = work.span { spans[span].end = end }
        let seconds = end - work.start
        if !open.isEmpty { open[open.count - 1].innerSeconds += seconds }
        guard current.counts else { return }
        switch work.phase {
        case .forward: totals[work.layer].forwardSeconds += seconds - work.innerSeconds
        case .backward: totals[work.layer].backwardSeconds += seconds - work.innerSeconds
        case .other: totals[work.layer].otherSeconds += seconds - work.innerSeconds
        }
    }

    /// A collective is done; it belongs to the layer at work.
    func addCollective(_ purpose: String, from start: Double, to end: Double, bytes: Int) {
        guard let current, let work = open.last else { return }
        open[open.count - 1].innerSeconds += end - start
        var span: Int?
        if current.span != nil {
            span = beginSpan(.collective(purpose: purposes.index(of: purpose), bytes: bytes), at: start)
            spans[spans.count - 1].end = end
        }
        collectives.add(
            CollectiveLog.Entry(
                layer: work.layer, start: start, end: end, bytes: bytes, span: span, counts: current.counts))
    }

    /// What was recorded; a collective, after the last step.
    public func finish() throws -> RankProfile {
        try settle()
        return RankProfile(
            rank: communicator.rank, host: try MPIEnvironment.hostName(), steps: countedSteps,
            warmUpSteps: firstCountedStep - steps.lowerBound, seconds: countedSeconds,
            clockErrorSeconds: clock.errorSeconds, layers: totals)
    }

    private func beginSpan(_ kind: Span.Kind, at start: Double) -> Int {
        spans.append(Span(kind: kind, start: start, end: start))
        return spans.count - 1
    }

    private func settle() throws {
        try clock.measure(over: communicator)
        for (entry, outcome) in try collectives.settle(over: communicator, clock: clock) {
            if let span = entry.span { spans[span].outcome = outcome }
            guard entry.counts else { continue }
            totals[entry.layer].waitingSeconds += outcome.waiting
            totals[entry.layer].movingSeconds += entry.end - entry.start - outcome.waiting
            totals[entry.layer].bytes += entry.bytes
            totals[entry.layer].messages += 1
            totals[entry.layer].lastCounts[outcome.lastRank] += 1
        }
    }
}
