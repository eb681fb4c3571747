import Foundation
import XCTest

/// Processes that something else than Open MPI's mpirun has started.
final class ForeignLauncherTests: CommandLineTestCase {
    private func refusal(by launcher: String, tasks: Int) -> String {
        """
        normtrain: \(launcher) has started \(tasks) processes or more, each of which would train alone and write into \
        the same folder: start the ranks with the mpirun of the Open MPI that normtrain was built with, as in mpirun \
        -np \(tasks) normtrain.

        """
    }

    /// The process itself, as a launcher starts it that knows nothing of Open MPI.
    private func task(_ environment: [String: String], out: String = "run") throws -> Outcome {
        try start(Self.binary, smallRun("gn", "--quiet", out: out), environment: environment)
    }

    func testTasksOfAnotherLauncherAreRefusedInOneSentence() throws {
        let step = ["SLURM_JOB_ID": "7", "SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "2", "SLURM_NTASKS": "2"]
        for number in 0..<2 {
            let sentence = number == 0
            let mpich = try task(["PMI_SIZE": "2", "PMI_RANK": "\(number)"])
            XCTAssertEqual(mpich.status, 1)
            XCTAssertEqual(mpich.errors, sentence ? refusal(by: "the mpiexec of another MPI", tasks: 2) : "")
            let srun = try task(step.merging(["SLURM_PROCID": "\(number)"]) { $1 })
            XCTAssertEqual(srun.status, 1)
            XCTAssertEqual(srun.errors, sentence ? refusal(by: "srun", tasks: 2) : "")
        }
        XCTAssertEqual(try entries(), [])
    }

    /// Debian's package mpich, where it is installed.
    func testTheMpiexecOfMPICHIsRefused() throws {
        guard try start("mpiexec.hydra", ["-n", "1", "true"]).status == 0 else {
            throw XCTSkip("mpiexec.hydra of MPICH is not installed")
        }
        let outcome = try start("mpiexec.hydra", ["-n", "3", Self.binary] + smallRun("gn", "--quiet"))
        XCTAssertNotEqual(outcome.status, 0)
        XCTAssertEqual(outcome.errors, refusal(by: "the mpiexec of another MPI", tasks: 3))
        XCTAssertEqual(try entries(), [])
    }

    func testAShellInsideOfASlurmAllocationStartsOneProcessOrMpirun() throws {
        let script = ["SLURM_NTASKS": "4", "SLURM_NPROCS": "4", "SLURM_PROCID": "0", "SLURM_LOCALID": "0"]
        let alone = try task(script)
        XCTAssertEqual(alone.status, 0, alone.errors)
        XCTAssertEqual(alone.errors, "")
        let interactive = script.merging(["SLURM_STEP_ID": "4294967290", "SLURM_STEP_NUM_TASKS": "1"]) { $1 }
        XCTAssertEqual(try task(interactive, out: "interactive").status, 0)
        // What mpirun starts in there has inherited even the variables of a step, those of its own daemons.
        let step = script.merging(["SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "4", "PMI_SIZE": "4"]) { $1 }
        let ranks = try normtrain(smallRun("gn", "--quiet", out: "ranks"), ranks: 2, environment: step)
        XCTAssertEqual(ranks.status, 0, ranks.errors)
        let single = try normtrain(smallRun("gn", "--quiet", out: "single"), ranks: 1, environment: step)
        XCTAssertEqual(single.status, 0, single.errors)
    }
}
