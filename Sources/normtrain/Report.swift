import ArgumentParser
import MPI
import Runs
import Studies

/// `normtrain report`
struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write report.html and report.md of a run, comparison or study again, from its files alone.",
        usage: "normtrain report <folder>")

    @Argument(help: ArgumentHelp("The folder of the run, comparison or study.", valueName: "folder"))
    var folder: String

    /// Needs no MPI; started under mpirun, one rank does it for all.
    func run() throws {
        guard MPIEnvironment.launchedRank ?? 0 == 0 else { return }
        do {
            try ReportCommand.run(folder)
        } catch {
            ProgramExit.exit(withComplaint: "normtrain: \(sentence(of: error))")
        }
    }
}
