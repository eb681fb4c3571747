import Foundation
import XCTest

/// Jobs of Slurm on virtual hosts, by `launch/slurm-rehearsal` and `launch/slurm.sbatch`.
final class SlurmTests: ClusterTestCase {
    /// 1500 steps of two workers: seconds, on two hosts.
    private let training = [
        "train", "--norm", "syncbn", "--dataset", "digits", "--train-images", "200", "--epochs", "30", "--workers", "2",
        "--quiet",
    ]

    private var run: String { "\(folder)/run" }
    private var jobLog: String { (try? String(contentsOfFile: "\(folder)/log", encoding: .utf8)) ?? "" }

    override func tearDownWithError() throws {
        if !folder.isEmpty { try rehearsal("down") }
        try super.tearDownWithError()
    }

    func testAJobThatIsStoppedGoesOnAndLeavesTheWeightsOfARunThatNeverStopped() throws {
        let expected = try uninterrupted()
        try rehearsal("up", "2")
        let job = try submit("--nodes=2", "--ntasks-per-node=1", training)
        XCTAssertTrue(wait(seconds: 60) { exists("metrics.csv") }, "the run did not start: \(jobLog)")
        // As Slurm does a minute before the time is up.
        try slurm("scancel", "--batch", "--signal=USR1", job)
        try waitUntilQueuedAgain(job)
        try startNow(job)
        try assertEnds(job)
        XCTAssertEqual(try weights(of: run), expected, jobLog)
        XCTAssertTrue(jobLog.contains("job \(job) on host[1-2]: normtrain train "), jobLog)
        XCTAssertTrue(jobLog.contains("job \(job) stopped in good order and is put into the queue again."), jobLog)
        XCTAssertTrue(jobLog.contains("job \(job) on host[1-2]: normtrain resume \(run) --quiet\n"), jobLog)
    }

    /// Slurm itself takes the job back, and starts it when the host is there again.
    func testAJobThatLosesAHostGoesOnWithTheSameWeights() throws {
        let expected = try uninterrupted()
        try rehearsal("up", "2")
        let job = try submit("--nodes=2", "--ntasks-per-node=1", training + ["--checkpoint-every", "100"])
        XCTAssertTrue(wait(seconds: 60) { exists("checkpoint-0000000100.normtrain") }, "no checkpoint: \(jobLog)")
        try onHosts("cut", "host2")
        XCTAssertFalse(exists("result.json"), "the run was not interrupted")
        try waitUntilQueuedAgain(job)
        try onHosts("mend", "host2")
        try startNow(job)
        try assertEnds(job)
        XCTAssertEqual(try weights(of: run), expected, jobLog)
        XCTAssertTrue(jobLog.contains("job \(job) on host[1-2]: normtrain resume \(run) --quiet\n"), jobLog)
    }

    func testACancelledJobEndsForGood() throws {
        try rehearsal("up", "2")
        let job = try submit("--nodes=2", "--ntasks-per-node=1", training + ["--epochs", "5000"])
        XCTAssertTrue(wait(seconds: 60) { exists("metrics.csv") }, "the run did not start: \(jobLog)")
        try slurm("scancel", job)
        XCTAssertTrue(try wait { try state(of: job) == "CANCELLED" }, jobLog)
        XCTAssertTrue(try wait { try ranks() == [] }, "ranks were left")
        XCTAssertFalse(exists("result.json"))
    }

    func testDownEndsJobsAndDaemonsAndLeavesNothingBehind() throws {
        try rehearsal("up", "2")
        XCTAssertTrue(try rehearsal("status").output.contains("host2 idle"))
        // Again: nothing changes.
        let mark = "\(folder)/slurm/logs/mark"
        XCTAssertTrue(FileManager.default.createFile(atPath: mark, contents: nil))
        try rehearsal("up", "2")
        XCTAssertTrue(FileManager.default.fileExists(atPath: mark))
        _ = try submit("--nodes=2", "--ntasks-per-node=1", training + ["--epochs", "5000"])
        XCTAssertTrue(try wait(seconds: 60) { try ranks().count == 2 }, "the run did not start: \(jobLog)")
        try rehearsal("down")
        XCTAssertEqual(try remainingProcesses(), [])
        XCTAssertFalse(FileManager.default.fileExists(atPath: "\(folder)/slurm"))
    }

    func testWithoutSlurmTheUserIsToldHowToStartIt() throws {
        for arguments in [["status"], ["exec", "squeue"]] {
            let outcome = try start("\(launchFolder)/slurm-rehearsal", arguments)
            XCTAssertEqual(outcome.status, 1)
            XCTAssertEqual(
                outcome.errors, "slurm-rehearsal: no Slurm is up: start it with `launch/slurm-rehearsal up`.\n")
        }
    }

    /// Starts `launch/slurm-rehearsal`, and expects that it works.
    @discardableResult
    private func rehearsal(_ arguments: String...) throws -> Outcome {
        let outcome = try start("\(launchFolder)/slurm-rehearsal", arguments)
        XCTAssertEqual(outcome.status, 0, "\(arguments): \(outcome.errors)")
        return outcome
    }

    /// Starts one of Slurm's commands, and expects that it works.
    @discardableResult
    private func slurm(_ command: String...) throws -> Outcome {
        let outcome = try start("\(launchFolder)/slurm-rehearsal", ["exec"] + command, seconds: 20)
        XCTAssertEqual(outcome.status, 0, "\(command): \(outcome.errors)")
        return outcome
    }

    /// - Returns: the job's number.
    private func submit(_ nodes: String, _ tasks: String, _ arguments: [String]) throws -> String {
        let sbatch = ["sbatch", "--parsable", "--output=\(folder)/log", "--time=5", nodes, tasks]
        let script = ["\(launchFolder)/slurm.sbatch"] + arguments + ["--out", run]
        let outcome = try start("\(launchFolder)/slurm-rehearsal", ["exec"] + sbatch + script, seconds: 20)
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        return outcome.output.trimmingCharacters(in: .newlines)
    }

    private func waitUntilQueuedAgain(_ job: String) throws {
        let isQueued = try wait(seconds: 90) {
            try slurm("scontrol", "show", "job", job).output.contains("Restarts=1 ") && state(of: job) == "PENDING"
        }
        XCTAssertTrue(isQueued, "the job was not put into the queue again: \(jobLog)")
    }

    /// Without the two minutes that Slurm lets a job wait that is in the queue again.
    private func startNow(_ job: String) throws {
        try slurm("scontrol", "update", "JobId=\(job)", "StartTime=now")
    }

    /// Starts `launch/cluster` for the hosts of this test's Slurm, and expects that it works.
    private func onHosts(_ command: String, _ host: String) throws {
        let hosts = "NORMTRAIN_CLUSTER=\(folder)/slurm/hosts"
        let outcome = try start("env", [hosts, "\(launchFolder)/cluster", command, host])
        XCTAssertEqual(outcome.status, 0, outcome.errors)
    }

    private func assertEnds(_ job: String) throws {
        let hasEnded = try wait(seconds: 90) { try state(of: job) == "COMPLETED" }
        XCTAssertTrue(hasEnded, "the job did not end well: \(jobLog)")
    }

    private func state(of job: String) throws -> String {
        try slurm("squeue", "--noheader", "--states=all", "--jobs=\(job)", "--format=%T").output
            .trimmingCharacters(in: .newlines)
    }

    private func exists(_ file: String) -> Bool { FileManager.default.fileExists(atPath: "\(run)/\(file)") }

    /// The weights of the same training in one process, without Slurm.
    private func uninterrupted() throws -> String {
        let whole = "\(folder)/whole"
        let outcome = try start(
            "mpirun", ["-q", "--allow-run-as-root", "-np", "1", binary] + training + ["--out", whole])
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        return try weights(of: whole)
    }
}
