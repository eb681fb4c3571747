import ArgumentParser
import Experiments

/// `normtrain train`
struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Train one normalisation.")

    @Option(help: ArgumentHelp("bn, syncbn, batch, gn, ln, in or none.", valueName: "name"))
    var norm: String?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var execution: ExecutionOptions

    func run() throws {
        let session = try execution.session(quiet: options.quiet)
        let draft = try session.agree { try options.draft([("normalization.norm", norm, "--norm")]) }
        try session.train(draft, output: options.out, quiet: options.quiet, profile: options.profile)
    }
}
