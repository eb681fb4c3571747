import ArgumentParser
import Settings
import Studies

/// `normtrain verify`
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove that the ranks' run has the bits of a run on one rank; exit status 1 if not.",
        usage: "normtrain verify [<options>]",
        discussion: "--reduction float shows what exact sums are for.")

    enum Keys: KeySelection {
        static let keys = ["training.reduction", "instructionSet"]
    }

    @OptionGroup var keys: KeyOptions<Keys>
    @OptionGroup var execution: ExecutionOptions

    func run() throws {
        try execution.session(quiet: false).verify(options: keys.given)
    }
}
