import COpenMPI

/// A group of ranks that communicate with each other and with nobody else.
///
/// Every collective is called by all ranks of the communicator, in the same order. A communicator is not `Sendable`:
/// MPI is called from the main thread only.
public final class Communicator {
    /// The number of this process in the communicator, from 0.
    public let rank: Int
    /// The number of ranks in the communicator.
    public let size: Int

    let handle: MPI_Comm
    /// Watches the collectives; nil: they wait as long as it takes.
    var stallWatch: StallWatch?
    /// Whether the ranks compare each collective before they start it; the same on all of them. In release builds only
    /// tests set it.
    package var comparesCollectives = Communicator.isDebugBuild
    private let isOwned: Bool

    /// All ranks of the job.
    /// - Throws: `MPIError.notRunning` before `MPIEnvironment.start` or after `finish`.
    public static var world: Communicator {
        get throws {
            guard MPIEnvironment.isRunning else { throw MPIError.notRunning }
            return try Communicator(handle: shim_MPI_COMM_WORLD(), isOwned: false)
        }
    }

    private init(handle: MPI_Comm, isOwned: Bool) throws {
        var rank: Int32 = 0
        var size: Int32 = 0
        try check(MPI_Comm_rank(handle, &rank), "MPI_Comm_rank")
        try check(MPI_Comm_size(handle, &size), "MPI_Comm_size")
        self.handle = handle
        self.isOwned = isOwned
        self.rank = Int(rank)
        self.size = Int(size)
    }

    deinit {
        // After MPI_Finalize there is nothing left to free.
        guard isOwned, MPIEnvironment.isRunning else { return }
        var freed: MPI_Comm? = handle
        let code = MPI_Comm_free(&freed)
        assert(code == MPI_SUCCESS, "MPI_Comm_free failed with code \(code)")
    }

    /// Splits the ranks into new communicators, one for each colour; a collective.
    ///
    /// MPI frees a communicator collectively too: its ranks let go of theirs at the same place in the program.
    /// - Parameters:
    ///   - color: ranks of the same colour get into the same communicator; not negative.
    ///   - key: ranks are numbered by rising key in the new communicator, and by their old rank where keys are equal.
    ///   - purpose: what the parts are for.
    public func split(color: Int, key: Int, for purpose: String = "parts of the ranks") throws -> Communicator {
        precondition(color >= 0, "a colour must not be negative, and is \(color)")
        try compare(CollectiveCall(call: "MPI_Comm_split", purpose: purpose, count: 0, datatype: nil, detail: ""))
        var part: MPI_Comm? = shim_MPI_COMM_NULL()
        let color = try exactCount(color, "MPI_Comm_split")
        let key = try exactCount(key, "MPI_Comm_split")
        try check(MPI_Comm_split(handle, color, key, &part), "MPI_Comm_split")
        guard let part else { preconditionFailure("MPI_Comm_split succeeded without a communicator") }
        return try Communicator(handle: part, isOwned: true)
    }

    /// Returns when all ranks have called it.
    ///
    /// - Parameter purpose: what it is for, as a person should read it.
    public func barrier(for purpose: String = "a barrier") throws {
        try compare(CollectiveCall(call: "MPI_Ibarrier", purpose: purpose, count: 0, datatype: nil, detail: ""))
        try complete(purpose, "MPI_Ibarrier") { MPI_Ibarrier(handle, &$0) }
    }
}
