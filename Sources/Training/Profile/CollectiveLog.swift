import MPI

/// Collectives whose waiting is not known yet: that takes the times at which the other ranks came.
///
/// Asking for them each time would double the number of messages, so that it is done for some thousand at once, between
/// two steps.
struct CollectiveLog {
    /// From so many collectives on it is time to ask.
    static let limit = 2048

    struct Entry {
        let layer: Int
        let start: Double
        let end: Double
        let bytes: Int
        /// Its span, where the step is traced.
        let span: Int?
        /// Whether the step counts.
        let counts: Bool
    }

    /// What the other ranks' times say about a collective.
    struct Outcome {
        /// Seconds that this rank waited until the last one came.
        let waiting: Double
        /// The rank that came last.
        let lastRank: Int
    }

    private(set) var entries: [Entry] = []

    init() { entries.reserveCapacity(2 * Self.limit) }

    var isFull: Bool { entries.count >= Self.limit }

    mutating func add(_ entry: Entry) { entries.append(entry) }

    /// Finds out about all collectives, and forgets them; a collective.
    ///
    /// - Parameter clock: measured after the last of them.
    mutating func settle(
        over communicator: Communicator, clock: AlignedClock
    ) throws -> [(entry: Entry, outcome: Outcome)] {
        let arrivals = entries.map { clock.common($0.start) }
        var latest = arrivals
        try communicator.allreduce(&latest, .max, for: "the times of the profile")
        var last = zip(arrivals, latest).map { $0 == $1 ? communicator.rank : communicator.size }
        try communicator.allreduce(&last, .min, for: "the ranks waited for")
        let settled = entries.indices.map { index in
            let entry = entries[index]
            let waiting = min(max(latest[index] - arrivals[index], 0), entry.end - entry.start)
            return (entry, Outcome(waiting: waiting, lastRank: last[index]))
        }
        entries.removeAll(keepingCapacity: true)
        return settled
    }
}
