import XCTest

@testable import MPI

/// What the variables of a process tell of a launcher other than Open MPI's: needs no MPI.
final class ForeignLauncherTests: XCTestCase {
    private func found(_ environment: [String: String]) -> ForeignLauncher? {
        ForeignLauncher.found { environment[$0] }
    }

    func testTheMpiexecOfAnotherMPIIsSeen() {
        // MPICH and Intel MPI; MVAPICH; Intel MPI's processes of one host.
        for (size, rank) in [
            ("PMI_SIZE", "PMI_RANK"), ("MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_RANK"),
            ("MPI_LOCALNRANKS", "MPI_LOCALRANKID"),
        ] {
            let launchers = (0..<2).map { found([size: "2", rank: "\($0)"]) }
            XCTAssertEqual(launchers.map { $0?.tasks }, [2, 2], size)
            XCTAssertEqual(launchers.map { $0?.speaks }, [true, false], size)
            XCTAssertNil(found([size: "1", rank: "0"]), size)
        }
    }

    func testATaskOfSrunIsSeenAndAShellInAnAllocationIsNot() {
        let salloc = ["SLURM_JOB_ID": "7", "SLURM_NTASKS": "4", "SLURM_NPROCS": "4", "SLURM_NNODES": "2"]
        XCTAssertNil(found(salloc))
        let sbatch = salloc.merging(["SLURM_PROCID": "0", "SLURM_LOCALID": "0", "SLURM_TASK_PID": "99"]) { $1 }
        XCTAssertNil(found(sbatch))
        let interactive = sbatch.merging(["SLURM_STEP_ID": "4294967290", "SLURM_STEP_NUM_TASKS": "1"]) { $1 }
        XCTAssertNil(found(interactive))
        let task = sbatch.merging(["SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "4", "SLURM_PROCID": "3"]) { $1 }
        XCTAssertEqual(found(task), ForeignLauncher(name: "srun", tasks: 4, speaks: false))
    }

    /// Whatever mpirun's ranks have inherited, from a Slurm step that started its daemons for example.
    func testARankOfOpenMPIIsNoTaskOfAnother() {
        let inherited = ["SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "4", "PMI_SIZE": "4", "PMIX_RANK": "3"]
        XCTAssertNotNil(found(inherited))
        XCTAssertNil(found(inherited.merging(["OMPI_COMM_WORLD_SIZE": "1", "OMPI_COMM_WORLD_RANK": "0"]) { $1 }))
    }

    /// Seen only where MPI has found a world of one rank all the same.
    func testTheMpirunOfAnotherOpenMPIIsSeen() {
        let launchers = (0..<3).map { found(["OMPI_COMM_WORLD_SIZE": "3", "OMPI_COMM_WORLD_RANK": "\($0)"]) }
        XCTAssertEqual(launchers.map { $0?.speaks }, [true, false, false])
        XCTAssertEqual(launchers[0]?.tasks, 3)
    }

    func testALauncherThatSpeaksOnlyPMIxIsSeenFromTheSecondTaskOn() {
        XCTAssertNil(found(["PMIX_RANK": "0"]))
        XCTAssertEqual(found(["PMIX_RANK": "1"])?.tasks, 2)
        XCTAssertEqual(found(["PMIX_RANK": "1"])?.speaks, true)
        XCTAssertEqual(found(["PMIX_RANK": "2"])?.speaks, false)
    }
}
