import ArgumentParser
import Catalogues
import Runs
import Settings

/// `normtrain export`
struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the weights of a run, or of its newest checkpoint, for PyTorch's load_state_dict.",
        usage: "normtrain export <run> --pytorch <file> [<options>]")

    enum Keys: KeySelection {
        static let keys = ["evaluation.statistics", "dataset.directory", "instructionSet"]

        static func defaultText(of key: KeyDeclaration) -> String { "that of the run" }
    }

    @Argument(help: ArgumentHelp("The folder of the run.", valueName: "run"), completion: .directory)
    var folder: String

    @Option(
        name: .customLong("pytorch"),
        help: ArgumentHelp("The safetensors file to write; --init takes it, too.", valueName: "file"),
        completion: .file())
    var file: String

    @OptionGroup var keys: KeyOptions<Keys>
    @OptionGroup var execution: ExecutionOptions

    func run() throws {
        try execution.session(quiet: false).export(folder, toPyTorch: file, options: keys.given)
    }
}
