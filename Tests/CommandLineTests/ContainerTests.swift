import Foundation
import XCTest

/// What containers limit and leave out.
final class ContainerTests: CommandLineTestCase {
    /// A group with a quota, made where this system allows it.
    private func withQuota(microseconds: Int, of period: Int, _ body: (_ tasks: String) throws -> Void) throws {
        let name = "normtrain-test-\(UUID().uuidString)"
        let mounts = [("/sys/fs/cgroup/cpu", "tasks"), ("/sys/fs/cgroup", "cgroup.procs")]
        let files = FileManager.default
        for (mount, tasks) in mounts {
            let group = "\(mount)/\(name)"
            guard files.fileExists(atPath: "\(mount)/\(tasks)"), mkdir(group, 0o755) == 0 else { continue }
            defer { rmdir(group) }
            let (file, text) =
                files.fileExists(atPath: "\(group)/cpu.cfs_quota_us")
                ? ("cpu.cfs_quota_us", "\(microseconds)") : ("cpu.max", "\(microseconds) \(period)")
            guard files.fileExists(atPath: "\(group)/\(file)"),
                (try? text.write(toFile: "\(group)/\(file)", atomically: false, encoding: .utf8)) != nil
            else { continue }
            return try body("\(group)/\(tasks)")
        }
        throw XCTSkip("no control group can be made here")
    }

    func testAQuotaCountsAsCores() throws {
        try withQuota(microseconds: 150_000, of: 100_000) { tasks in
            let training = smallRun("gn", "--threads", "2").joined(separator: " ")
            let outcome = try start("bash", ["-c", "echo $$ >\(tasks) && exec \(Self.binary) \(training)"])
            XCTAssertEqual(outcome.status, 0, outcome.errors)
            XCTAssertTrue(
                outcome.errors.contains(
                    "each rank has 2 threads, but some get 1.5 cores for them: raise the CPU quota here, or use fewer "
                        + "threads."), outcome.errors)
            let placed = try start(
                "bash", ["-c", "echo $$ >\(tasks) && \(placement) 2"],
                environment: ["LAUNCH": Self.launchFolder])
            XCTAssertTrue(placed.output.hasPrefix("--oversubscribe --bind-to none"), placed.output + placed.errors)
        }
    }

    /// The options that the scripts give mpirun for a number of ranks.
    private let placement =
        "place() { set -euo pipefail; source $LAUNCH/prepare; place_ranks $1; "
        + "echo ${placement[@]}; }; place"

    /// The scripts read the same files as the program; here a folder of the test's stands for the kernel's.
    func testTheScriptsReadTheQuotaOfEveryGroupAround() throws {
        func quota(_ files: [String: String]) throws -> String {
            let root = path("root-\(UUID().uuidString)")
            for (name, text) in files {
                let file = URL(fileURLWithPath: "\(root)/\(name)")
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data((text + "\n").utf8).write(to: file)
            }
            let script = "set -euo pipefail; source \(Self.launchFolder)/prepare; core_quota \(root)"
            let outcome = try start("bash", ["-c", script])
            XCTAssertEqual(outcome.errors, "")
            return outcome.output.trimmingCharacters(in: .newlines)
        }
        let unified = "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate"
        XCTAssertEqual(try quota([:]), "999999")
        XCTAssertEqual(
            try quota([
                "proc/self/cgroup": "0::/", "proc/self/mountinfo": unified, "sys/fs/cgroup/cpu.max": "350000 100000",
            ]), "3")
        XCTAssertEqual(
            try quota([
                "proc/self/cgroup": "0::/slice/job 7/task", "proc/self/mountinfo": unified,
                "sys/fs/cgroup/slice/cpu.max": "800000 100000", "sys/fs/cgroup/slice/job 7/cpu.max": "50000 20000",
                "sys/fs/cgroup/slice/job 7/task/cpu.max": "max 100000",
            ]), "2")
        XCTAssertEqual(
            try quota([
                "proc/self/cgroup": "4:cpu,cpuacct:/docker/0a1b\n0::/",
                "proc/self/mountinfo":
                    "41 31 0:37 /docker/0a1b /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct",
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "50000",
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000",
            ]), "0")
    }

    /// `docker run --user 12345 --env …`: no HOME, no USER, and no line in /etc/passwd.
    func testNeitherAHomeNorANameIsNeeded() throws {
        try XCTSkipUnless(getuid() == 0, "only root may take the number of a user that does not exist")
        chmod(folder, 0o777)
        let user = [
            "-i", "PATH=\(ProcessInfo.processInfo.environment["PATH"] ?? "")", "NORMTRAIN_BINARY=\(Self.binary)",
        ]
        let unknown = ["setpriv", "--reuid", "12345", "--regid", "12345", "--clear-groups"]
        let alone = try start("env", user + unknown + [Self.binary] + smallRun("gn", "--quiet", out: "alone"))
        XCTAssertEqual(alone.status, 0, alone.errors)
        XCTAssertEqual(alone.errors, "")
        let launched = try start(
            "env",
            user + unknown + [Self.launchFolder + "/run", "-np", "2"] + smallRun("gn", "--quiet", out: "launched"))
        XCTAssertEqual(launched.status, 0, launched.errors)
        XCTAssertEqual(launched.errors, "")
    }

    /// As Docker forbids it: Open MPI reads large messages out of the sender's memory otherwise.
    func testReadingTheMemoryOfAnotherRankMayBeForbidden() throws {
        let forbidden = ["-f", "--seccomp-bpf", "-o", path("calls"), "-e", "trace=process_vm_readv"]
        let inject = ["-e", "inject=process_vm_readv:error=EPERM"]
        guard try start("strace", forbidden + ["true"]).status == 0 else {
            throw XCTSkip("strace is not installed, or may not watch processes here")
        }
        let launch = ["mpirun", "-q", "--oversubscribe", "-np", "2", Self.binary, "verify"]
        let outcome = try start("strace", forbidden + inject + launch, seconds: 120)
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertTrue(outcome.output.hasSuffix("\nAll are the same bits on 2 ranks as on one.\n"), outcome.output)
        let calls = try String(contentsOfFile: path("calls"), encoding: .utf8)
        XCTAssertTrue(calls.contains("EPERM (Operation not permitted) (INJECTED)"), "it was never asked for")
    }
}
