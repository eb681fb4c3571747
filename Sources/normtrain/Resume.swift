import ArgumentParser
import Experiments

/// `normtrain resume`
struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Go on with an interrupted run or comparison, on any number of ranks.")

    @Argument(help: ArgumentHelp("The folder of the run.", valueName: "run"))
    var folder: String

    @Option(help: ArgumentHelp("The folder with the data set's files.", valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("native, avx2 or avx512, as the run was begun with.", valueName: "name"))
    var isa: String?

    @Flag(help: "Show no progress and no notices.")
    var quiet = false

    @OptionGroup var execution: ExecutionOptions

    func run() throws {
        try execution.session(quiet: quiet)
            .resume(folder, data: data, instructionSet: isa, quiet: quiet)
    }
}
