import ArgumentParser

/// `normtrain train`
struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Train one normalisation.")

    enum Keys: KeySelection {
        static var keys: [String] { all(without: ["compare.norms"]) }
    }

    @OptionGroup var options: ConfigurationOptions<Keys>
    @OptionGroup var output: OutputOptions
    @OptionGroup var execution: ExecutionOptions

    func run() throws {
        let session = try execution.session(quiet: output.quiet, trains: true)
        let draft = try options.draft(in: session)
        try session.train(
            draft, output: output.out, quiet: output.quiet, profile: output.profile, telemetry: output.telemetry)
    }
}
