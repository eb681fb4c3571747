import ArgumentParser
import Catalogues
import Settings
import Studies

/// `normtrain resume`
struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Go on with an interrupted run or comparison, on any number of ranks.",
        usage: "normtrain resume <run> [<options>]")

    enum Keys: KeySelection {
        static let keys = ["dataset.directory", "instructionSet"]

        static func defaultText(of key: KeyDeclaration) -> String { "that of the run" }
    }

    @Argument(help: ArgumentHelp("The folder of the run.", valueName: "run"), completion: .directory)
    var folder: String

    @OptionGroup var keys: KeyOptions<Keys>

    @Flag(help: "Tell where the time of what is left goes, layer by layer, and write profile.txt and trace.json.")
    var profile = false

    @Flag(help: "Show no progress and no notices, only warnings.")
    var quiet = false

    @OptionGroup var execution: ExecutionOptions

    func run() throws {
        try execution.session(quiet: quiet, trains: true)
            .resume(folder, options: keys.given, quiet: quiet, profile: profile)
    }
}
