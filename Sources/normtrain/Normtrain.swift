import ArgumentParser
import Files
import Foundation
import MPI
import Runs

/// The command line.
@main
struct Normtrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "normtrain",
        abstract: "Measures how much it matters that batch-norm statistics are synchronised across workers.",
        discussion: """
            Start it under MPI: mpirun -np 4 normtrain. Without a subcommand it compares six normalisations on \
            Fashion-MNIST with the built-in configuration.
            """,
        subcommands: [
            Compare.self, Train.self, Study.self, Evaluate.self, Resume.self, Export.self, Report.self, Verify.self,
            Bench.self, Config.self, List.self,
        ],
        defaultSubcommand: Compare.self)

    @Flag(help: "Show the version, and those of oneDNN and MPI.")
    var version = false

    /// Not ArgumentParser's own flag: its text would be made at every start, and asking oneDNN what it computes with makes
    /// it choose.
    func validate() throws {
        if version { throw CleanExit.message(try softwareVersions(kernels: ProcessorCheck.kernels)) }
    }

    /// Parses, runs, and ends all ranks together with one message.
    static func main() {
        StandardStreams.fillMissing()
        // A closed pipe is no reason to end: mpirun closes those of the ranks that it is about to stop.
        signal(SIGPIPE, SIG_IGN)
        if let complaint = ProcessorCheck.complaint { ProgramExit.exit(withComplaint: complaint) }
        do {
            if let failure = ArgumentCheck.failure { throw failure }
            var command = try parseAsRoot()
            try command.run()
            try MPIEnvironment.finish()
        } catch {
            ProgramExit.exit(with: error)
        }
    }
}
