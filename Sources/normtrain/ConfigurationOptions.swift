import ArgumentParser
import Runs
import Settings

/// The options that decide a run: a file, keys of the configuration, and any other key.
struct ConfigurationOptions<Keys: KeySelection>: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A configuration (YAML), as normtrain config prints one; -: standard input.", valueName: "file"),
        completion: .file())
    var config: String?

    @OptionGroup var keys: KeyOptions<Keys>

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Any key of the configuration; may be given several times.", valueName: "key.path=value"))
    var assignments: [String] = []

    /// The configuration that these options describe, the same on all ranks.
    func draft(in session: Session) throws -> ConfigurationDraft {
        let file = try config.map(session.configuration(handedOver:))
        return try session.agree { try draft(over: file) }
    }

    /// The configuration that these options describe, for a command without other ranks.
    func draft() throws -> ConfigurationDraft {
        try draft(
            over: config.map { try ConfigurationDraft(yaml: ConfigurationDraft.text(handedOver: $0), file: $0) })
    }

    private func draft(over file: ConfigurationDraft?) throws -> ConfigurationDraft {
        var draft = file ?? ConfigurationDraft()
        try draft.set(keys.given)
        for assignment in assignments { try draft.set(assignment) }
        return draft
    }
}

/// What a run leaves behind, and what it says meanwhile.
struct OutputOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The folder to write; runs/… when left out.", valueName: "folder"), completion: .directory)
    var out: String?

    @Flag(help: "Tell where the time goes, layer by layer, and write profile.txt and trace.json.")
    var profile = false

    @Flag(
        help: """
            Record how far the workers' own statistics are from the global ones, layer by layer, and write \
            telemetry.csv; the bits are the same.
            """)
    var telemetry = false

    @Flag(help: "Show no progress and no notices, only warnings.")
    var quiet = false
}
