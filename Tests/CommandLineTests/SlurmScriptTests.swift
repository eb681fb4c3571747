import Foundation
import XCTest

/// What `launch/slurm.sbatch` makes of a command, with programs in place of Slurm's and mpirun's that tell how they are
/// started.
final class SlurmScriptTests: CommandLineTestCase {
    private func makeProgram(_ name: String, _ script: String) throws {
        try FileManager.default.createDirectory(atPath: path("bin"), withIntermediateDirectories: true)
        try write("#!/bin/bash\n\(script)\n", to: "bin/\(name)")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path("bin/\(name)"))
    }

    /// Starts the script as job 7 of a cluster.
    private func job(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
        try makeProgram("normtrain", "")
        try makeProgram("mpirun", "echo mpirun \"$@\"; exit ${STATUS:-0}")
        try makeProgram("scontrol", "echo scontrol \"$@\"")
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let slurm = ["PATH": "\(self.path("bin")):\(path)", "SLURM_JOB_ID": "7", "SLURM_JOB_NODELIST": "n[1-2]"]
        return try start(
            "env", ["--unset=NORMTRAIN_BINARY", Self.launchFolder + "/slurm.sbatch"] + arguments,
            environment: slurm.merging(environment) { $1 })
    }

    /// What mpirun was started with.
    private func launched(_ outcome: Outcome) -> [String] { outcome.outputLines.filter { $0.hasPrefix("mpirun ") } }

    func testACommandIsStartedAsItIsAndARunGetsAFolderOfTheJob() throws {
        XCTAssertEqual(launched(try job("eval", "run")), ["mpirun -q normtrain eval run"])
        XCTAssertEqual(
            launched(try job("train", "--norm", "bn", "--out=run")), ["mpirun -q normtrain train --norm bn --out=run"])
        XCTAssertEqual(launched(try job("train")), ["mpirun -q normtrain train --out runs/job-7"])
        XCTAssertEqual(launched(try job("--batch", "2")), ["mpirun -q normtrain compare --batch 2 --out runs/job-7"])
    }

    func testEachJobOfAnArrayTrainsAPartOfAStudy() throws {
        let array = ["SLURM_ARRAY_TASK_ID": "12", "SLURM_ARRAY_TASK_MIN": "10", "SLURM_ARRAY_TASK_COUNT": "8"]
        for environment in [array, array.merging(["SLURM_RESTART_COUNT": "1"]) { $1 }] {
            XCTAssertEqual(
                launched(try job("study", "f.yaml", "--out", "runs/f", environment: environment)),
                ["mpirun -q normtrain study f.yaml --out runs/f --shard 3/8"])
        }
    }

    func testEachRankUsesTheCoresOfATask() throws {
        let cores = ["SLURM_CPUS_PER_TASK": "4"]
        XCTAssertEqual(
            launched(try job("train", "--out", "run", environment: cores)),
            ["mpirun -q --map-by slot:PE=4 normtrain train --out run --threads 4"])
        XCTAssertEqual(
            launched(try job("train", "--out", "run", "--threads=2", environment: cores)),
            ["mpirun -q --map-by slot:PE=4 normtrain train --out run --threads=2"])
    }

    func testAJobThatIsStartedAgainGoesOnFromWhatThereIs() throws {
        let again = ["SLURM_RESTART_COUNT": "1"]
        func restarted(_ command: String) throws -> [String] {
            launched(try job(command, "--out", "a run", "--threads", "2", "--quiet", environment: again))
        }
        let resumed = ["mpirun -q normtrain resume a run --threads 2 --quiet"]
        // Killed before it had anything.
        XCTAssertEqual(try restarted("train"), ["mpirun -q normtrain train --out a run --threads 2 --quiet"])
        try FileManager.default.createDirectory(atPath: path("a run"), withIntermediateDirectories: false)
        try write("{\n  \"kind\" : \"train\",\n  \"status\" : \"running\"\n}", to: "a run/run.json")
        XCTAssertEqual(try restarted("train"), ["mpirun -q normtrain train --out a run --threads 2 --quiet"])
        try write("", to: "a run/checkpoint-0000000005.normtrain")
        XCTAssertEqual(try restarted("train"), resumed)
        try FileManager.default.removeItem(atPath: path("a run/checkpoint-0000000005.normtrain"))
        try write("{\n  \"kind\" : \"compare\",\n  \"status\" : \"interrupted\"\n}", to: "a run/run.json")
        XCTAssertEqual(try restarted("compare"), resumed)
        try write("{\n  \"kind\" : \"compare\",\n  \"status\" : \"finished\"\n}", to: "a run/run.json")
        XCTAssertEqual(try restarted("compare"), [])
        // What was not started by Slurm again does as it is told.
        XCTAssertEqual(
            launched(try job("compare", "--out", "a run")), ["mpirun -q normtrain compare --out a run"])
    }

    /// A run ends with 75 by any signal; only Slurm's asks for another start.
    func testOnlyARunThatSlurmStoppedIsPutIntoTheQueueAgain() throws {
        let outcome = try job("train", "--out", "run", environment: ["STATUS": "75"])
        XCTAssertEqual(outcome.status, 75)
        XCTAssertFalse(outcome.output.contains("scontrol"), outcome.output)
    }

    func testMistakesAreToldInASentence() throws {
        XCTAssertEqual(
            try job().errors,
            "slurm.sbatch: a command of normtrain is missing, for example `train --norm bn --out runs/bn`.\n")
        XCTAssertEqual(
            try start(Self.launchFolder + "/slurm.sbatch", ["train"]).errors,
            "slurm.sbatch: this is no job of Slurm: start it with `sbatch`.\n")
        XCTAssertEqual(
            try job("train", environment: ["NORMTRAIN_BINARY": "", "PATH": "/usr/bin:/bin"]).status, 1)
    }
}
