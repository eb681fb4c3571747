import ArgumentParser
import Settings
import Studies

/// `normtrain verify`
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove that the ranks' run has the bits of a run on one rank; exit status 1 if not.",
        usage: "normtrain verify [<options>]",
        discussion: """
            Without a configuration it proves every norm, network and optimiser, on images and batches that take every \
            algorithm. With --config, or with options that describe a run, it trains the first steps of that run with each \
            of its norms. --reduction float shows what exact sums are for.
            """)

    enum Keys: KeySelection {
        static var keys: [String] { all() }
    }

    @OptionGroup var options: ConfigurationOptions<Keys>
    @OptionGroup var execution: ExecutionOptions

    func run() throws {
        let session = try execution.session(quiet: false)
        let draft = try options.draft(in: session)
        if options.config != nil || draft.describesARun {
            try session.verifyOwn(draft)
        } else {
            try session.verify(draft)
        }
    }
}
