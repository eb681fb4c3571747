import ArgumentParser
import Runs
import Studies

/// `normtrain study verify`
struct StudyVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Repeat finished trials on another number of ranks: the weights must be the same.",
        usage: "normtrain study verify <study> [<options>]")

    @Argument(help: ArgumentHelp("The study's folder.", valueName: "study"))
    var folder: String

    @Option(help: ArgumentHelp("How many trials to repeat.", valueName: "count"))
    var sample = TypedNumber(argument: "2")

    @Flag(help: "Show no progress and no notices, only warnings.")
    var quiet = false

    @OptionGroup var execution: ExecutionOptions

    func validate() throws {
        _ = try sampleCount()
    }

    private func sampleCount() throws -> Int { try sample.whole("--sample", from: 1) }

    func run() throws {
        try execution.session(quiet: quiet, trains: true)
            .verifyStudy(folder, sample: try sampleCount(), quiet: quiet)
    }
}
