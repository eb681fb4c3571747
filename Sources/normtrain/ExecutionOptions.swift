import ArgumentParser
import MPI
import Runs

/// How a run is carried out; it decides nothing about the result.
struct ExecutionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Cores that each rank uses; the bits are the same.", valueName: "count"))
    var threads = TypedNumber(argument: "1")

    @Option(
        help: ArgumentHelp(
            "After so many seconds of waiting, tell which rank is waited for; 0: never.", valueName: "seconds"))
    var stallSeconds = TypedNumber(argument: "60")

    @Option(help: ArgumentHelp("After so many seconds of waiting, end the run; 0: never.", valueName: "seconds"))
    var stallAbort = TypedNumber(argument: "0")

    /// A session with these options.
    ///
    /// - Throws: `ValidationError` on numbers that make no sense.
    func session(quiet: Bool) throws -> Session {
        try Session(
            quiet: quiet, threads: threads.whole("--threads", from: 1, to: 1024), stallLimits: limits())
    }

    private func limits() throws -> StallWatch.Limits {
        try StallWatch.Limits(
            warningSeconds: Self.limit(stallSeconds, "--stall-seconds"),
            abortSeconds: Self.limit(stallAbort, "--stall-abort"))
    }

    private static func limit(_ typed: TypedNumber, _ option: String) throws -> Double? {
        let seconds = try typed.number(option)
        return seconds == 0 ? nil : seconds
    }
}
