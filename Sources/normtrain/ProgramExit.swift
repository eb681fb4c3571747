import ArgumentParser
import Files
import Foundation
import MPI
import Runs

/// How the program ends on an error: all ranks together, one of them with a sentence.
enum ProgramExit {
    static func exit(with error: any Error) -> Never {
        if case MPIError.startedApart(let launcher) = error { exit(error, launcher) }
        // All ranks have the same command line, and stumble over it alike.
        let isUsage = Normtrain.exitCode(for: error) != .failure
        if isUsage || isKnownToAllRanks(error) { exitTogether(with: error) }
        // The others may be waiting for this rank in a collective.
        let rank = MPIEnvironment.launchedRank.map { "rank \($0): " } ?? ""
        StandardError.write("normtrain: \(rank)\(sentence(of: error))\n")
        MPIEnvironment.abort(1)
    }

    /// Before MPI is entered: mpirun ends the others.
    static func exit(withComplaint complaint: String) -> Never {
        StandardError.write("\(complaint)\n")
        Foundation.exit(1)
    }

    /// Processes that don't know of each other: one speaks, and the others give it time, since some launchers end a job
    /// with the first process that fails.
    private static func exit(_ error: any Error, _ launcher: ForeignLauncher) -> Never {
        if launcher.speaks { StandardError.write("normtrain: \(sentence(of: error))\n") } else { sleep(1) }
        try? MPIEnvironment.finish()
        Foundation.exit(1)
    }

    private static func exitTogether(with error: any Error) -> Never {
        let isUsage = !isKnownToAllRanks(error)
        let code =
            isUsage
            ? Normtrain.exitCode(for: error).rawValue : error is any StoppedBySignal ? temporaryFailureStatus : 1
        // mpirun ends a job at the first rank that fails: the one that speaks must not be cut short.
        if code != 0, !MPIEnvironment.isRunning { try? MPIEnvironment.start() }
        if (MPIEnvironment.launchedRank ?? 0) == 0 {
            if code == 0, isUsage {
                exit(printing: Normtrain.fullMessage(for: error))
            } else {
                StandardError.write("normtrain: \(isUsage ? usage(error) : sentence(of: error))\n")
            }
        }
        if MPIEnvironment.isRunning {
            try? Communicator.world.barrier()
            try? MPIEnvironment.finish()
        }
        Foundation.exit(code)
    }

    /// Help, which needs no MPI: this rank prints it, and the others end without a word.
    private static func exit(printing text: String) -> Never {
        do {
            try StandardOutput.show(text)
            Foundation.exit(0)
        } catch {
            exit(withComplaint: "normtrain: \(error)")
        }
    }

    /// A mistake in the command line, without the list of options that usually follows.
    private static func usage(_ error: any Error) -> String {
        let message = Normtrain.message(for: error)
        return message.hasSuffix("?") ? message : "\(message): see normtrain --help."
    }
}
