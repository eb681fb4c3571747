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

    @Option(
        help: ArgumentHelp(
            "Train each with so many seeds, and end with intervals: a small study.", valueName: "count"))
    var seeds: TypedNumber?

    @OptionGroup var output: OutputOptions
    @OptionGroup var execution: ExecutionOptions

    func validate() throws {
        guard try seedCount() != nil, output.profile else { return }
        throw ValidationError("--profile goes with one seed: leave out --seeds")
    }

    private func seedCount() throws -> Int? { try seeds?.whole("--seeds", from: 1, to: 1000) }

    func run() throws {
        let session = try execution.session(quiet: output.quiet, trains: true)
        let draft = try options.draft(in: session)
        if let count = try seedCount() {
            return try session.compare(
                draft, seeds: count, output: output.out, quiet: output.quiet, telemetry: output.telemetry)
        }
        try session.compare(
            draft, output: output.out, quiet: output.quiet, profile: output.profile, telemetry: output.telemetry)
    }
}
