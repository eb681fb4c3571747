import ArgumentParser
import Experiments

/// `normtrain export`
struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the weights of a run, or of its newest checkpoint, for PyTorch's load_state_dict.")

    @Argument(help: ArgumentHelp("The folder of the run.", valueName: "run"))
    var folder: String

    @Option(
        name: .customLong("pytorch"),
        help: ArgumentHelp("The safetensors file to write; --init takes it, too.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("Running statistics to write: pooled, worker0 or precise.", valueName: "which"))
    var evaluate: String?

    @Option(help: ArgumentHelp("The folder with the data set's files, for precise.", valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("What oneDNN computes with: native, avx2 or avx512.", valueName: "name"))
    var isa: String?

    func run() throws {
        try Session(quiet: false).export(folder, toPyTorch: file, statistics: evaluate, data: data, instructionSet: isa)
    }
}
