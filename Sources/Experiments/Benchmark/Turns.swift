import MPI

/// Measures several things in turn, round after round, each on all ranks at once.
struct Turns {
    /// Something that takes time.
    struct Contestant {
        /// How often it is done in one measurement, so that the clock's own time does not count.
        let repeats: Int
        let run: () throws -> Void
    }

    let communicator: Communicator
    let rounds: Int

    /// A collective.
    ///
    /// - Returns: of each contestant, the seconds of doing it once, in the median round, on the rank that took longest
    ///   in that round.
    func medians(of contestants: [Contestant]) throws -> [Double] {
        var seconds = contestants.map { _ in [Double]() }
        for _ in 0..<rounds {
            for (index, contestant) in contestants.enumerated() {
                // Where it is repeated it is measured with its data in cache, in the first repeat too.
                if contestant.repeats > 1 { try contestant.run() }
                try communicator.barrier()
                let start = MPIEnvironment.wallSeconds
                for _ in 0..<contestant.repeats { try contestant.run() }
                seconds[index].append((MPIEnvironment.wallSeconds - start) / Double(contestant.repeats))
            }
        }
        return try seconds.map { seconds in
            var slowest = seconds
            try communicator.allreduce(&slowest, .max)
            return Quantiles(slowest).median
        }
    }
}
