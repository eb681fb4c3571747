import ArgumentParser
import Experiments

/// `normtrain verify`
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove that the ranks' run has the bits of a run on one rank; exit status 1 if not.")

    @Option(help: ArgumentHelp("exact, or float to see what exact sums are for.", valueName: "how"))
    var reduction = "exact"

    @OptionGroup var execution: ExecutionOptions

    func run() throws {
        guard let reduction = Configuration.Reduction(rawValue: reduction) else {
            throw ValidationError("--reduction \(reduction) is neither exact nor float")
        }
        try execution.session(quiet: false).verify(reduction: reduction)
    }
}
