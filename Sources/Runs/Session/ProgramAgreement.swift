import Files
import MPI
import OneDNN
import Settings
import Training

/// Equal inputs give equal bits only where equal programs compute with equal instructions.
extension Session {
    /// Makes all ranks fail when one of them runs another build of the program, another oneDNN or one that is set
    /// otherwise than the first.
    func requireEqualPrograms() throws {
        guard communicator.size > 1 else { return }
        let host = try MPIEnvironment.hostName()
        let program = try agree { try Digest.hexadecimal(ofFile: "/proc/self/exe") }
        try requireSame(
            program,
            orFailWith: "another build of normtrain runs here, on \(host), than on rank 0: "
                + "install the same one on all hosts.")
        try requireSame(
            OneDNNLibrary.version,
            orFailWith: "oneDNN \(OneDNNLibrary.version) is installed here, on \(host), but another version on rank 0: "
                + "install the same one on all hosts.")
        let environment = OneDNNLibrary.environment.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        try requireSame(
            environment,
            orFailWith: "oneDNN's environment variables differ from those of rank 0 here, on \(host) "
                + "(\(environment.isEmpty ? "none is set" : environment)): give all ranks the same, or none.")
    }

    /// Makes oneDNN compute with the instructions that a configuration names, and all ranks fail when one of them would
    /// compute with others than the first. Comes before anything is computed.
    package func choose(_ choice: InstructionSetChoice) throws {
        try agree {
            guard let instructions = choice.instructions else { return }
            try InstructionSet.limit(to: instructions)
            guard InstructionSet.current == instructions else {
                throw ArithmeticError.missing(
                    choice, host: try MPIEnvironment.hostName(), inUse: InstructionSet.currentName)
            }
        }
        let first = try communicator.broadcast(InstructionSet.currentName, root: 0, for: "the instruction set")
        try agree {
            if InstructionSet.currentName != first {
                throw ArithmeticError.different(
                    host: try MPIEnvironment.hostName(), inUse: InstructionSet.currentName, onFirstRank: first)
            }
        }
        try warnAboutDifferentCaches()
        if choice != .native { logger.notice("oneDNN is pinned to the instructions of \(choice.rawValue).") }
    }
}

extension InstructionSetChoice {
    fileprivate var instructions: InstructionSet? {
        switch self {
        case .native: nil
        case .avx2: .avx2
        case .avx512: .avx512Core
        }
    }
}

/// Why these ranks can't compute together, or not go on with a run.
enum ArithmeticError: Error, Equatable, CustomStringConvertible {
    /// The CPU, or oneDNN's own environment variable, does not allow the chosen one.
    case missing(InstructionSetChoice, host: String, inUse: String)
    /// Another than the first rank.
    case different(host: String, inUse: String, onFirstRank: String)
    /// The run was begun with another.
    case otherThanBefore(folder: String, inUse: String, before: String)
    /// The run was begun with others.
    case otherImages(folder: String, dataset: String)

    var description: String {
        switch self {
        case .missing(let choice, let host, let inUse):
            "--isa \(choice.rawValue) is not possible on \(host), where oneDNN computes with \(inUse) at most."
        case .different(let host, let inUse, let onFirstRank):
            """
            oneDNN computes with \(inUse) here, on \(host), but with \(onFirstRank) on rank 0, and the bits would \
            differ: give all ranks --isa avx2.
            """
        case .otherThanBefore(let folder, let inUse, let before):
            """
            \(folder): this run was begun with \(before) and oneDNN computes with \(inUse) here, so that the bits would \
            differ: resume it with the --isa and the oneDNN it was begun with, on hosts that
            allow it.
            """
        case .otherImages(let folder, let dataset):
            """
            \(folder): this run was begun with other images of \(dataset) than those found here: name the folder of the \
            right ones with --data.
            """
        }
    }
}
