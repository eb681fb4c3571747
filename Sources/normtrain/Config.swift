import ArgumentParser
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

    /// Needs no MPI; started under mpirun, one rank speaks for all.
    func run() throws {
        let text: String
        do {
            text = try options.draft().configuration.commentedYAML
        } catch {
            throw AgreedFailure(rank: nil, message: sentence(of: error))
        }
        if MPIEnvironment.launchedRank ?? 0 == 0 { print(text, terminator: "") }
    }
}
