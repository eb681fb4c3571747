import MPI

/// A rank's clock, and how far it is ahead of that of rank 0: hosts, and with Open MPI even processes, do not share one.
///
/// Nobody leaves a barrier before everybody has entered it. So rank 0 enters before this rank leaves, which bounds the
/// offset from above, and this rank enters before rank 0 leaves, which bounds it from below. Of several barriers the
/// tightest bounds count, and the offset is taken in their middle. Clocks drift apart slowly: between two measurements the
/// offset is interpolated.
struct AlignedClock {
    /// Barriers a measurement.
    static let barriers = 32

    /// Seconds by this rank's own clock.
    let now: () -> Double
    /// Seconds that an offset may be wrong by, at most, in the worst measurement.
    private(set) var errorSeconds = 0.0
    /// Rank 0's time at the first measurement: the common time counts from it.
    private var origin = 0.0
    private var measurements: [Measurement]

    /// So far this rank's clock was ahead at a time of its own.
    struct Measurement {
        let time: Double
        let offset: Double
    }

    init(now: @escaping () -> Double, measurements: [Measurement] = []) {
        self.now = now
        self.measurements = measurements
    }

    /// Measures the offset; a collective.
    mutating func measure(over communicator: Communicator) throws {
        var entered: [Double] = []
        var left: [Double] = []
        for _ in 0..<Self.barriers {
            entered.append(now())
            try communicator.barrier(for: "the clocks")
            left.append(now())
        }
        let firstEntered = try communicator.broadcast(entered, root: 0, for: "the clocks")
        let firstLeft = try communicator.broadcast(left, root: 0, for: "the clocks")
        if measurements.isEmpty { origin = firstEntered[0] }
        let isFirst = communicator.rank == 0
        let bounds = Self.offsetBounds(entered: entered, left: left, firstEntered: firstEntered, firstLeft: firstLeft)
        let offset = isFirst ? 0 : (bounds.lowerBound + bounds.upperBound) / 2
        if !isFirst { errorSeconds = max(errorSeconds, (bounds.upperBound - bounds.lowerBound) / 2) }
        measurements.append(Measurement(time: left[Self.barriers - 1], offset: offset))
    }

    /// Between what bounds a clock is ahead of rank 0's, given when both entered and left the same barriers.
    static func offsetBounds(
        entered: [Double], left: [Double], firstEntered: [Double], firstLeft: [Double]
    ) -> ClosedRange<Double> {
        let lower = zip(entered, firstLeft).map { $0 - $1 }.max() ?? 0
        let upper = zip(left, firstEntered).map { $0 - $1 }.min() ?? 0
        // A drift within the measurement may turn bounds around that lie very close.
        return min(lower, upper)...max(lower, upper)
    }

    /// Seconds from the first measurement on, by the clock of rank 0, at a time of this rank's own clock.
    func common(_ time: Double) -> Double {
        time - offset(at: time) - origin
    }

    private func offset(at time: Double) -> Double {
        guard let last = measurements.last else { return 0 }
        guard let next = measurements.firstIndex(where: { $0.time >= time }) else { return last.offset }
        guard next > 0 else { return measurements[0].offset }
        let (before, after) = (measurements[next - 1], measurements[next])
        let share = (time - before.time) / (after.time - before.time)
        return before.offset + share * (after.offset - before.offset)
    }
}
