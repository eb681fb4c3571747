import Glibc

/// Something else than Open MPI's mpirun that has started this process beside others of its kind.
///
/// Such processes know nothing of each other: each is a world of one rank, and each would train the whole run and write
/// into the same folder. What counts are variables that only a *launched task* has. A shell inside of a Slurm allocation has
/// `SLURM_NTASKS`, the script of `sbatch` has `SLURM_PROCID` too, and an interactive shell is a step of one task: a process
/// that is started there by hand is alone, as it should be. What Open MPI's mpirun starts has inherited any of these, and
/// is told by `OMPI_COMM_WORLD_SIZE`. And a launcher that this Open MPI understands, such as `srun --mpi=pmix` on some
/// clusters, makes one world of all its processes: so the world of one rank is part of the sign, and is looked at first.
public struct ForeignLauncher: Equatable, Sendable {
    /// What it is called, as it reads at the start of a sentence.
    public let name: String
    /// Processes that it has started, at least.
    public let tasks: Int
    /// Whether this process is the one among them that tells of it.
    public let speaks: Bool

    /// What the variables of this process tell. Comes before MPI is entered, which sets some of its own.
    static func found() -> ForeignLauncher? {
        found { name in getenv(name).map { String(cString: $0) } }
    }

    /// What these environment variables tell of a launcher of several processes; nil when they tell of none.
    static func found(in environment: (String) -> String?) -> ForeignLauncher? {
        func number(_ name: String) -> Int? { environment(name).flatMap { Int($0) } }
        if let ranks = number("OMPI_COMM_WORLD_SIZE") {
            return launcher("the mpirun of another Open MPI", tasks: ranks, task: number("OMPI_COMM_WORLD_RANK"))
        }
        // Set in each task of a step, next to SLURM_NTASKS, which stands for the whole allocation.
        if number("SLURM_STEP_ID") != nil, let tasks = number("SLURM_STEP_NUM_TASKS"), tasks > 1 {
            return launcher("srun", tasks: tasks, task: number("SLURM_PROCID"))
        }
        let mpiexec = "the mpiexec of another MPI"
        for (size, rank) in [("PMI_SIZE", "PMI_RANK"), ("MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_RANK")] {
            if let tasks = number(size), tasks > 1 { return launcher(mpiexec, tasks: tasks, task: number(rank)) }
        }
        if let tasks = number("MPI_LOCALNRANKS"), tasks > 1 {
            return launcher(mpiexec, tasks: tasks, task: number("MPI_LOCALRANKID"))
        }
        // PMIx has no variable for the number of tasks: from the second on each knows that there are several.
        return number("PMIX_RANK").flatMap { launcher("a launcher that speaks PMIx", tasks: $0 + 1, task: $0 - 1) }
    }

    private static func launcher(_ name: String, tasks: Int, task: Int?) -> ForeignLauncher? {
        tasks > 1 ? ForeignLauncher(name: name, tasks: tasks, speaks: task ?? 0 == 0) : nil
    }
}
