import Autograd
import Reports

/// What a recorder has taken down: sums over the steps that count, and the spans of those that are traced.
///
/// All of it is one value, because each look at a property of a class costs a check, which adds up in a hot place.
struct Recording {
    private(set) var layers = Names()
    private(set) var purposes = Names()
    /// By the number of the layer.
    private(set) var totals: [LayerProfile] = []
    /// The spans of the traced steps, in the order in which they began.
    private(set) var spans: [Span] = []
    var collectives = CollectiveLog()
    private(set) var countedSteps = 0
    private(set) var countedSeconds = 0.0

    private let ranks: Int
    private var current: Step?
    /// The work under way, outermost first.
    private var open: [Work] = []

    private struct Work {
        let layer: Int
        let phase: PassPhase
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

    init(ranks: Int) {
        self.ranks = ranks
        spans.reserveCapacity(4096)
        open.reserveCapacity(16)
    }

    mutating func beginStep(_ step: Int, isTraced: Bool, counts: Bool, at time: Double) {
        current = Step(start: time, span: isTraced ? beginSpan(.step(step), at: time) : nil, counts: counts)
    }

    mutating func endStep(at time: Double) {
        guard let step = current else { return }
        if step.counts {
            countedSteps += 1
            countedSeconds += time - step.start
        }
        if let span = step.span { spans[span].end = time }
        current = nil
    }

    /// Outside of steps nothing is recorded.
    mutating func begin(_ layer: String, _ phase: PassPhase, at time: Double) {
        guard let current else { return }
        let index = layers.index(of: layer)
        if index == totals.count { totals.append(LayerProfile(name: layer, ranks: ranks)) }
        let span = current.span == nil ? nil : beginSpan(.work(layer: index, phase: phase), at: time)
        open.append(Work(layer: index, phase: phase, start: time, span: span))
    }

    mutating func end(at time: Double) {
        guard let current, let work = open.popLast() else { return }
        if let span = work.span { spans[span].end = time }
        let seconds = time - work.start
        if !open.isEmpty { open[open.count - 1].innerSeconds += seconds }
        guard current.counts else { return }
        switch work.phase {
        case .forward: totals[work.layer].forwardSeconds += seconds - work.innerSeconds
        case .backward: totals[work.layer].backwardSeconds += seconds - work.innerSeconds
        case .other: totals[work.layer].otherSeconds += seconds - work.innerSeconds
        }
    }

    /// A collective belongs to the layer at work.
    mutating func addCollective(_ purpose: String, from start: Double, to end: Double, bytes: Int) {
        guard let current, let work = open.last else { return }
        open[open.count - 1].innerSeconds += end - start
        var span: Int?
        if current.span != nil {
            let index = beginSpan(.collective(purpose: purposes.index(of: purpose), bytes: bytes), at: start)
            spans[index].end = end
            span = index
        }
        collectives.add(
            CollectiveLog.Entry(
                layer: work.layer, start: start, end: end, bytes: bytes, span: span, counts: current.counts))
    }

    /// What became of a collective.
    mutating func add(_ outcome: CollectiveLog.Outcome, of entry: CollectiveLog.Entry) {
        if let span = entry.span { spans[span].outcome = outcome }
        guard entry.counts else { return }
        totals[entry.layer].waitingSeconds += outcome.waiting
        totals[entry.layer].movingSeconds += entry.end - entry.start - outcome.waiting
        totals[entry.layer].bytes += entry.bytes
        totals[entry.layer].messages += 1
        totals[entry.layer].lastCounts[outcome.lastRank] += 1
    }

    private mutating func beginSpan(_ kind: Span.Kind, at start: Double) -> Int {
        spans.append(Span(kind: kind, start: start, end: start))
        return spans.count - 1
    }
}
