import MPI
import Reports

/// Measures several things in turn, round after round, each on all ranks at once.
struct Turns {
    /// Something that takes time.
    struct Measured {
        /// How often it is done in one measurement, so that the clock's own time does not count.
        let repeats: Int
        let run: () throws -> Void
    }

    let communicator: Communicator
    let rounds: Int

    /// A collective.
    ///
    /// - Returns: of each thing, the seconds of doing it once, in the median round, on the rank that took longest
    ///   in that round.
    func medians(of measured: [Measured]) throws -> [Double] {
        var seconds = measured.map { _ in [Double]() }
        for _ in 0..<rounds {
            for (index, one) in measured.enumerated() {
                // Where it is repeated it is measured with its data in cache, in the first repeat too.
                if one.repeats > 1 { try one.run() }
                try communicator.barrier(for: "the turns of a measurement")
                let start = MPIEnvironment.wallSeconds
                for _ in 0..<one.repeats { try one.run() }
                seconds[index].append((MPIEnvironment.wallSeconds - start) / Double(one.repeats))
            }
        }
        return try seconds.map { seconds in
            var slowest = seconds
            try communicator.allreduce(&slowest, .max, for: "the slowest rank's turns")
            return Quantiles(slowest).median
        }
    }
}
