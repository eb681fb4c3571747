import ArgumentParser
import Settings

/// The options that decide a run: a file, keys of the configuration, and any other key.
struct ConfigurationOptions<Keys: KeySelection>: ParsableArguments {
    @Option(help: ArgumentHelp("A configuration file (YAML), as normtrain config prints one.", valueName: "file"))
    var config: String?

    @OptionGroup var keys: KeyOptions<Keys>

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Any key of the configuration; may be given several times.", valueName: "key.path=value"))
    var assignments: [String] = []

    /// The configuration that these options describe.
    func draft() throws -> ConfigurationDraft {
        var draft = try config.map(ConfigurationDraft.init(path:)) ?? ConfigurationDraft()
        try draft.set(keys.given)
        for assignment in assignments { try draft.set(assignment) }
        return draft
    }
}

/// What a run leaves behind, and what it says meanwhile.
struct OutputOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder to write; runs/… when left out.", valueName: "folder"))
    var out: String?

    @Flag(help: "Tell where the time goes, layer by layer, and write profile.txt and trace.json.")
    var profile = false

    @Flag(help: "Show no progress and no notices.")
    var quiet = false
}
