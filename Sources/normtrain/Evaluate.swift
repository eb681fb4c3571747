import ArgumentParser
import Catalogues
import Runs
import Settings

/// `normtrain eval`
struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Load the weights of a finished run and evaluate them again.",
        usage: "normtrain eval <run> [<options>]")

    enum Keys: KeySelection {
        static let keys = ["evaluation.statistics", "dataset.directory", "instructionSet"]

        static func defaultText(of key: KeyDeclaration) -> String { "that of the run" }
    }

    @Argument(help: ArgumentHelp("The folder of the run.", valueName: "run"), completion: .directory)
    var folder: String

    @OptionGroup var keys: KeyOptions<Keys>
    @OptionGroup var execution: ExecutionOptions

    func run() throws {
        try execution.session(quiet: false).evaluate(folder, options: keys.given)
    }
}
