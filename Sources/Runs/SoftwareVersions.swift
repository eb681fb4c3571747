import MPI
import Reports
import Training

/// The program and the libraries that it computes and communicates with, a line each. Needs no MPI.
///
/// - Parameter kernels: what the kernels were compiled for.
public func softwareVersions(kernels: String) throws -> String {
    let arithmetic = Arithmetic.inUse
    return """
        normtrain  \(Program.version), its kernels compiled for \(kernels)
        oneDNN     \(arithmetic.oneDNN), computing with \(arithmetic.instructionSet)
        MPI        \(try MPIEnvironment.libraryVersion())
        """
}
