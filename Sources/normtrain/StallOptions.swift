import ArgumentParser
import MPI

/// How long ranks wait for each other.
struct StallOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "After so many seconds of waiting, tell which rank is waited for; 0: never.", valueName: "seconds"))
    var stallSeconds = TypedNumber(argument: "60")

    @Option(help: ArgumentHelp("After so many seconds of waiting, end the run; 0: never.", valueName: "seconds"))
    var stallAbort = TypedNumber(argument: "0")

    /// These limits.
    ///
    /// - Throws: `ValidationError` on numbers that make no sense.
    func limits() throws -> StallWatch.Limits {
        try StallWatch.Limits(
            warningSeconds: Self.limit(stallSeconds, "--stall-seconds"),
            abortSeconds: Self.limit(stallAbort, "--stall-abort"))
    }

    private static func limit(_ typed: TypedNumber, _ option: String) throws -> Double? {
        let seconds = try typed.number(option)
        return seconds == 0 ? nil : seconds
    }
}
