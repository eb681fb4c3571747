import ArgumentParser
import Experiments

/// `normtrain eval`
struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Load the weights of a finished run and evaluate them again.")

    @Argument(help: ArgumentHelp("The folder of the run.", valueName: "run"))
    var folder: String

    @Option(help: ArgumentHelp("Statistics to evaluate with: pooled, worker0, precise or batch.", valueName: "which"))
    var evaluate: String?

    @Option(help: ArgumentHelp("The folder with the data set's files.", valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("What oneDNN computes with: native, avx2 or avx512.", valueName: "name"))
    var isa: String?

    func run() throws {
        try Session(quiet: false).evaluate(folder, statistics: evaluate, data: data, instructionSet: isa)
    }
}
