import ArgumentParser
import Experiments
import Foundation
import MPI
import Training

/// How the program ends on an error: all ranks together, one of them with a sentence.
enum Ending {
    static func exit(with error: any Error) -> Never {
        if isKnownToAll(error) {
            exitTogether(with: error)
        }
        // The others may be waiting for this rank in a collective.
        let rank = MPIEnvironment.launchedRank.map { "rank \($0): " } ?? ""
        write("normtrain: \(rank)\(sentence(of: error))\n")
        MPIEnvironment.abort(1)
    }

    /// Errors that every rank comes to by itself, or was told of.
    private static func isKnownToAll(_ error: any Error) -> Bool {
        error is AgreedFailure || error is TrainingError || Normtrain.exitCode(for: error) != .failure
    }

    private static func exitTogether(with error: any Error) -> Never {
        let isUsage = !(error is AgreedFailure || error is TrainingError)
        let code = isUsage ? Normtrain.exitCode(for: error).rawValue : 1
        // mpirun ends a job at the first rank that fails: the one that speaks must not be cut short.
        if code != 0 { try? MPIEnvironment.start() }
        if (MPIEnvironment.launchedRank ?? 0) == 0 {
            if isUsage {
                let text = Normtrain.fullMessage(for: error)
                if code == 0 { print(text) } else { write(text + "\n") }
            } else {
                write("normtrain: \(sentence(of: error))\n")
            }
        }
        if MPIEnvironment.isRunning {
            try? Communicator.world.barrier()
            try? MPIEnvironment.finish()
        }
        Foundation.exit(code)
    }

    private static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
