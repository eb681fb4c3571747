import COpenMPI

/// How the ranks' elements become one.
public enum Reduction: Sendable {
    /// The sum. Integers wrap on overflow and give the same bits on any number of ranks; floating-point sums depend on
    /// the order in which MPI adds.
    case sum
    /// The smallest. What becomes of NaN is not defined by MPI.
    case min
    /// The largest. What becomes of NaN is not defined by MPI.
    case max

    var handle: MPI_Op {
        switch self {
        case .sum: shim_MPI_SUM()
        case .min: shim_MPI_MIN()
        case .max: shim_MPI_MAX()
        }
    }
}
