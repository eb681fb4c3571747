import COpenMPI
import Glibc

/// The one owner of MPI's initialisation and finalisation in this process.
///
/// MPI is entered once and left once, both on the main thread, which alone may make MPI calls (`MPI_THREAD_FUNNELED`).
/// Without `mpirun` the process is a world of one rank.
public enum MPIEnvironment {
    /// Whether MPI calls are possible now: between `start` and `finish`.
    public static var isRunning: Bool {
        var initialized: Int32 = 0
        var finalized: Int32 = 0
        return MPI_Initialized(&initialized) == MPI_SUCCESS && MPI_Finalized(&finalized) == MPI_SUCCESS
            && initialized != 0 && finalized == 0
    }

    /// Enters MPI; does nothing when it already runs.
    ///
    /// From here on a failing MPI call throws an `MPIError` where it would have ended the job.
    /// - Throws: `MPIError.finished` after `finish`, since MPI can't be entered twice; `MPIError.startedApart` when another
    ///   launcher has started several processes that MPI does not bring together.
    public static func start() throws {
        if isRunning { return }
        var finalized: Int32 = 0
        try check(MPI_Finalized(&finalized), "MPI_Finalized")
        if finalized != 0 { throw MPIError.finished }

        let launcher = ForeignLauncher.found()
        nameHome()
        yieldWhenCrowded()
        shareWorkBetweenTwo()
        let neededLevel = Int32(MPI_THREAD_FUNNELED)
        var threadLevel: Int32 = 0
        try check(MPI_Init_thread(nil, nil, neededLevel, &threadLevel), "MPI_Init_thread")
        // Communicators made by splitting inherit the handler.
        try check(MPI_Comm_set_errhandler(shim_MPI_COMM_WORLD(), shim_MPI_ERRORS_RETURN()), "MPI_Comm_set_errhandler")
        if threadLevel < neededLevel { throw MPIError.threadsUnsupported }
        if let launcher, try Communicator.world.size == 1 { throw MPIError.startedApart(launcher) }
    }

    /// Leaves MPI, together with all other ranks; does nothing when it does not run.
    public static func finish() throws {
        guard isRunning else { return }
        try check(MPI_Finalize(), "MPI_Finalize")
    }

    /// Ends the whole job, on every rank, with the exit status `code` (1 to 255).
    ///
    /// For an error that the other ranks do not share: they may be waiting in a collective that this rank never joins.
    /// What was printed so far is flushed first.
    public static func abort(_ code: Int32) -> Never {
        fflush(nil)
        if isRunning { MPI_Abort(shim_MPI_COMM_WORLD(), code) }
        exit(code)
    }

    /// The name of the host this rank runs on.
    public static func hostName() throws -> String {
        guard isRunning else { throw MPIError.notRunning }
        return try withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(MPI_MAX_PROCESSOR_NAME)) { name in
            var length: Int32 = 0
            try check(MPI_Get_processor_name(name.baseAddress, &length), "MPI_Get_processor_name")
            return String(decoding: UnsafeRawBufferPointer(name).prefix(Int(length)), as: UTF8.self)
        }
    }

    /// What MPI is, such as `Open MPI v4.1.4`: of the library that this process has loaded, before MPI is entered, too.
    public static func libraryVersion() throws -> String {
        try withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(MPI_MAX_LIBRARY_VERSION_STRING)) { text in
            var length: Int32 = 0
            try check(MPI_Get_library_version(text.baseAddress, &length), "MPI_Get_library_version")
            let version = String(decoding: UnsafeRawBufferPointer(text).prefix(Int(length)), as: UTF8.self)
            // What follows tells who built it, and when.
            return String(version.prefix { $0 != "," && !$0.isNewline })
        }
    }

    /// Seconds since some moment in the past, by a clock that never steps back; hosts do not share the moment.
    public static var wallSeconds: Double { MPI_Wtime() }
}
