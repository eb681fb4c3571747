import ArgumentParser
import Files
import Foundation
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
            // To people only: what prints this may well be a part of a script.
            if isatty(STDERR_FILENO) == 1 {
                StandardError.write(
                    "next: keep it in a file, change that, and normtrain train --config with its name.\n")
            }
        } catch {
            ProgramExit.exit(withComplaint: "normtrain: \(sentence(of: error))")
        }
    }
}
