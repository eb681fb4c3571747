import Kernels

/// How the sums of a run are taken over its workers, wherever these live: all that normalisation and training know of
/// other processes.
public protocol Sums: AnyObject {
    /// Sums over the cells of each row of a grouping, in one message for all rows that live on several ranks. Every rank
    /// of the run calls it at the same point.
    ///
    /// - Parameters:
    ///   - cells: cells × width, read.
    ///   - format: how the numbers become integers, where they do.
    ///   - counts: how many values went into each cell.
    ///   - width: numbers of a cell.
    ///   - grouping: which cells share a row.
    ///   - rows: rows × width, overwritten; not numbers where a contribution was not finite or too large for `format`.
    ///   - purpose: what the sums belong to, a layer for example, as a person should read it.
    /// - Returns: how many values went into each row.
    func addCells(
        _ cells: UnsafePointer<Double>, as format: FixedPointSum, counts: [Int], width: Int, of grouping: Grouping,
        into rows: UnsafeMutablePointer<Double>, for purpose: String
    ) throws -> [Int]

    /// A sum of gradients and losses over all workers, to be taken once a step.
    ///
    /// - Parameters:
    ///   - sizes: values of each parameter.
    ///   - purpose: what the sums belong to, as a person should read it.
    func gradientSum(sizes: [Int], for purpose: String) -> any GradientSum
}

/// The gradients and the loss of all workers, added up once a step.
public protocol GradientSum: AnyObject {
    /// Forgets the last step.
    func begin()

    /// Adds one worker's share of the gradient of a parameter.
    ///
    /// - Parameters:
    ///   - share: as many values as the parameter has; only read during the call.
    ///   - index: of the parameter, in the order of the sizes.
    func add(_ share: UnsafePointer<Float>, toParameter index: Int)

    /// Adds one worker's summed loss.
    func add(loss: Double)

    /// Marks a gradient that this rank knows to be lost: it is not finite.
    func markLost(_ index: Int)

    /// Tells the other ranks that this one was asked to stop.
    func requestStop()

    /// Sums over all ranks.
    ///
    /// - Parameter gradient: where the gradient of a parameter goes, as many values as it has, overwritten.
    func reduce(into gradient: (Int) -> UnsafeMutablePointer<Float>) throws -> StepSums

    /// What the next step's sums depend on, to be kept in checkpoints: a number a parameter, the same on every rank.
    var memory: [Int64] { get set }
}

/// What came out of a step, the same on every rank.
public struct StepSums: Equatable, Sendable {
    /// The sum of all workers' losses; not a number when one of them was lost.
    public let loss: Double
    /// The first parameter whose gradient was not finite or too large to be summed.
    public let lostParameter: Int?
    /// Whether any rank was asked to stop.
    public let wantsStop: Bool
}

/// How statistics and gradients are added up over the ranks.
public enum ReductionChoice: String, CaseIterable, Codable, Sendable {
    /// As integers: the same bits on any number of ranks.
    case exact
    /// In floating point by MPI: fewer bytes, but the last bits depend on the number of ranks.
    case float

    /// Sums so over the ranks of a transport.
    public func sums(over transport: any Transport) -> any Sums {
        switch self {
        case .exact: ExactSums(transport)
        case .float: FloatingPointSums(transport)
        }
    }
}

/// Where parts of these sizes begin when they lie one behind the other, and where the last one ends.
func offsets(ofSizes sizes: [Int]) -> (starts: [Int], end: Int) {
    var end = 0
    let starts = sizes.map { size in
        defer { end += size }
        return end
    }
    return (starts, end)
}
