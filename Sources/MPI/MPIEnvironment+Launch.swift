import COpenMPI
import Glibc

/// What `mpirun` told this process about the job: readable before MPI is entered.
extension MPIEnvironment {
    /// The rank of this process in the world, or nil when it was started without `mpirun`.
    public static var launchedRank: Int? { integer(named: "OMPI_COMM_WORLD_RANK") }

    /// The number of ranks in the world, or nil when the process was started without `mpirun`.
    public static var launchedRanks: Int? { integer(named: "OMPI_COMM_WORLD_SIZE") }

    /// Lets a waiting rank give up its core, when there are more ranks on this host than cores, or a container's share of
    /// them, for all.
    ///
    /// By default ranks spin while they wait, and with too few cores they starve the ranks they wait for.
    /// Open MPI sees this by itself only when `mpirun` was told `--oversubscribe`; a host file or `--host` that claims
    /// more slots than cores hides it. A choice that the user made is left alone.
    static func yieldWhenCrowded(quota: Double = CoreQuota.cores()) {
        if coreShare(threads: 1, quota: quota) < 1 { setenv("OMPI_MCA_mpi_yield_when_idle", "1", 0) }
    }

    /// How many cores each rank on this host gets: one for each of its threads, or less when there are not as many.
    public static func coreShare(threads: Int = 1) -> Double { coreShare(threads: threads, quota: CoreQuota.cores()) }

    /// Whether a quota, as containers have it, allows fewer cores' time than there are cores.
    public static var coresAreRationed: Bool { CoreQuota.cores() < Double(usableCores()) }

    /// - Parameter quota: the cores whose time the ranks on this host may use together.
    static func coreShare(threads: Int, quota: Double) -> Double {
        let cores = Double(usableCores())
        let ranksOnHost = Double(max(1, integer(named: "OMPI_COMM_WORLD_LOCAL_SIZE") ?? 1))
        // A rank bound to cores of its own sees only these, and `mpirun` has made sure that they suffice. A quota is
        // nothing that it would have seen.
        let isBound = integer(named: "OMPI_MCA_orte_bound_at_launch") == 1
        return min(Double(threads), isBound ? cores : cores / ranksOnHost, quota / ranksOnHost)
    }

    /// Names a home folder where neither the environment nor the list of users has one, as in a container that runs under
    /// any number for a user: PMIx 4, which Open MPI 4 starts with, does not expect that, and crashes.
    static func nameHome() {
        if getenv("HOME") == nil, getpwuid(getuid()) == nil { setenv("HOME", "/", 0) }
    }

    /// Lets two ranks add up one half of the values each.
    ///
    /// For fewer than four ranks Open MPI sends everything to one rank and back, which takes two to three times as long
    /// for large messages. A choice that the user made is left alone.
    static func shareWorkBetweenTwo() {
        if launchedRanks == 2 { setenv("OMPI_MCA_coll_libnbc_iallreduce_algorithm", "rabenseifner", 0) }
    }

    /// The number of cores that this process may run on, at least 1.
    public static func usableCores() -> Int {
        var cores = cpu_set_t()
        // The call fails on a host with more cores than the set holds: then no number of ranks is taken as a crowd.
        guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &cores) == 0 else { return .max }
        return withUnsafeBytes(of: cores) { $0.reduce(0) { $0 + $1.nonzeroBitCount } }
    }

    private static func integer(named name: String) -> Int? {
        getenv(name).flatMap { Int(String(cString: $0)) }
    }
}
