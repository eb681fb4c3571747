import ArgumentParser
import MPI

/// What to do when ranks wait in vain; it decides nothing about a run's result.
struct StallOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "After so many seconds of waiting, tell which rank is waited for; 0: never.", valueName: "seconds"))
    var stallSeconds = 60.0

    @Option(help: ArgumentHelp("After so many seconds of waiting, end the run; 0: never.", valueName: "seconds"))
    var stallAbort = 0.0

    /// - Throws: `ValidationError` on times that are none.
    func limits() throws -> StallWatch.Limits {
        try StallWatch.Limits(
            warningSeconds: Self.limit(stallSeconds, "--stall-seconds"),
            abortSeconds: Self.limit(stallAbort, "--stall-abort"))
    }

    private static func limit(_ seconds: Double, _ option: String) throws -> Double? {
        guard seconds >= 0, seconds.isFinite else {
            throw ValidationError("\(option) \(seconds) is no number of seconds from 0")
        }
        return seconds == 0 ? nil : seconds
    }
}
