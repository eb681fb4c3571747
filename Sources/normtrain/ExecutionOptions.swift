import ArgumentParser
import Runs

/// How a run is carried out; it decides nothing about the result.
struct ExecutionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Cores that each rank uses; the bits are the same.", valueName: "count"))
    var threads = TypedNumber(argument: "1")

    @OptionGroup var stall: StallOptions

    /// A session with these options.
    ///
    /// - Parameter trains: whether a training is to come, which a signal lets finish its step.
    /// - Throws: `ValidationError` on numbers that make no sense.
    func session(quiet: Bool, trains: Bool = false) throws -> Session {
        try Session(
            quiet: quiet, threads: threads.whole("--threads", from: 1, to: 1024), stallLimits: stall.limits(),
            trains: trains)
    }
}
