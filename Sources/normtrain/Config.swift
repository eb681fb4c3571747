import ArgumentParser
import Files
import MPI
import Runs
import Settings

/// `normtrain config`
struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the configuration that a file and options come to, each key explained.",
        discussion: "Without either it is the built-in one. What it prints is a file for --config.")

    enum Keys: KeySelection {
        static var keys: [String] { all() }
    }

    @OptionGroup var options: ConfigurationOptions<Keys>

    /// Needs no MPI; started under mpirun, one rank does it for all.
    func run() throws {
        guard MPIEnvironment.launchedRank ?? 0 == 0 else { return }
        do {
            try StandardOutput.show(options.draft().configuration.commentedYAML, terminator: "")
        } catch {
            ProgramExit.exit(withComplaint: "normtrain: \(sentence(of: error))")
        }
    }
}
