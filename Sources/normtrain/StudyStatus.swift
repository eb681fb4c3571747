import ArgumentParser
import Runs
import Studies

/// `normtrain study status`
struct StudyStatus: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Tell what has become of the trials of a study.",
        usage: "normtrain study status <study>")

    @Argument(help: ArgumentHelp("The study's folder.", valueName: "study"))
    var folder: String

    func run() throws {
        try Session(quiet: true).studyStatus(folder)
    }
}
