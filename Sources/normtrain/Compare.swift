import ArgumentParser
import Studies

/// `normtrain compare`
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train several normalisations from the same weights on the same batches, and print a table.")

    enum Keys: KeySelection {
        static var keys: [String] { all(without: ["normalization.norm"]) }
    }

    @OptionGroup var options: ConfigurationOptions<Keys>
    @OptionGroup var output: OutputOptions
    @OptionGroup var execution: ExecutionOptions

    func run() throws {
        let session = try execution.session(quiet: output.quiet, trains: true)
        let draft = try options.draft(in: session)
        try session.compare(draft, output: output.out, quiet: output.quiet, profile: output.profile)
    }
}
