import ArgumentParser
import Experiments

/// `normtrain compare`
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train several normalisations from the same weights on the same batches, and print a table.")

    @Option(help: ArgumentHelp("Which ones, for example bn,syncbn,gn,ln,in,none.", valueName: "list"))
    var norms: String?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var execution: ExecutionOptions

    func run() throws {
        let session = try execution.session(quiet: options.quiet)
        let draft = try session.agree { try options.draft([("compare.norms", norms, "--norms")]) }
        try session.compare(draft, output: options.out, quiet: options.quiet, profile: options.profile)
    }
}
