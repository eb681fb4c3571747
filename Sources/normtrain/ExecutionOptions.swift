import ArgumentParser
import MPI
import Runs

/// How a run is carried out; it decides nothing about the result.
struct ExecutionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Cores that each rank uses; the bits are the same.", valueName: "count"))
    var threads = 1

    @Option(
        help: ArgumentHelp(
            "After so many seconds of waiting, tell which rank is waited for; 0: never.", valueName: "seconds"))
    var stallSeconds = 60.0

    @Option(help: ArgumentHelp("After so many seconds of waiting, end the run; 0: never.", valueName: "seconds"))
    var stallAbort = 0.0

    /// A session with these options.
    ///
    /// - Throws: `ValidationError` on numbers that make no sense.
    func session(quiet: Bool) throws -> Session {
        guard (1...1024).contains(threads) else {
            throw ValidationError("--threads \(threads): expected a whole number from 1 to 1024")
        }
        return try Session(quiet: quiet, threads: threads, stallLimits: limits())
    }

    private func limits() throws -> StallWatch.Limits {
        try StallWatch.Limits(
            warningSeconds: Self.limit(stallSeconds, "--stall-seconds"),
            abortSeconds: Self.limit(stallAbort, "--stall-abort"))
    }

    private static func limit(_ seconds: Double, _ option: String) throws -> Double? {
        guard seconds >= 0, seconds.isFinite else {
            throw ValidationError("\(option) \(seconds): expected a number from 0")
        }
        return seconds == 0 ? nil : seconds
    }
}
