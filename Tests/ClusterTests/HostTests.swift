import XCTest

/// What hosts are, and that a run on them is the run of one process.
final class HostTests: ClusterTestCase {
    func testTwoAndThreeHostsLeaveTheWeightsOfOneProcess() throws {
        let alone = try weights(hosts: nil, "--norm", "syncbn")
        for hosts in [2, 3] {
            XCTAssertEqual(try cluster("up", "\(hosts)").status, 0)
            XCTAssertEqual(try weights(hosts: hosts, "--norm", "syncbn"), alone, "\(hosts) hosts")
            XCTAssertEqual(try cluster("down").status, 0)
        }
    }

    /// What a user compares is what must not depend on where it ran: the weights of every variant.
    func testAComparisonOnThreeHostsLeavesTheResultsOfOneProcess() throws {
        func results(_ name: String, _ launch: (_ arguments: [String]) throws -> Outcome) throws -> [String: String] {
            let out = "\(folder)/\(name)"
            let outcome = try launch([
                "compare", "--norms", "bn,syncbn,gn", "--dataset", "digits", "--train-images", "200", "--epochs", "1",
                "--workers", "6", "--quiet", "--out", out,
            ])
            XCTAssertEqual(outcome.status, 0, outcome.errors)
            return try Dictionary(
                uniqueKeysWithValues: ["bn", "syncbn", "gn"].map { ($0, try weights(of: "\(out)/\($0)")) })
        }
        let alone = try results("alone") {
            try start("mpirun", ["-q", "--allow-run-as-root", "-np", "1", binary] + $0)
        }
        XCTAssertEqual(Set(alone.values).count, 3)
        XCTAssertEqual(try cluster("up", "3").status, 0)
        let onHosts = try results("hosts") { try start("\(launchFolder)/cluster", ["run", "-np", "3"] + $0) }
        XCTAssertEqual(onHosts, alone)
    }

    /// Each host trains trials of its own, and what they leave is what one process leaves, byte for byte.
    func testAStudyOnThreeHostsLeavesTheResultsOfOneProcess() throws {
        let study = """
            seeds: 2
            base: {workers: 6, dataset: {name: digits, trainImages: 200}, training: {epochs: 1}}
            axes: {norm: {normalization.norm: [bn, syncbn, gn]}}
            contrasts: [{first: {norm: bn}, second: {norm: syncbn}}]
            """
        try Data(study.utf8).write(to: URL(fileURLWithPath: "\(folder)/study.yaml"))
        func results(_ name: String, _ launch: (_ arguments: [String]) throws -> Outcome) throws -> [String] {
            let out = "\(folder)/\(name)"
            let outcome = try launch(["study", "\(folder)/study.yaml", "--quiet", "--out", out])
            XCTAssertEqual(outcome.status, 0, outcome.errors)
            return try ["results.csv", "contrasts.csv"].map {
                try String(contentsOfFile: "\(out)/\($0)", encoding: .utf8)
            }
        }
        let alone = try results("alone") {
            try start("mpirun", ["-q", "--allow-run-as-root", "-np", "1", binary] + $0)
        }
        XCTAssertEqual(alone[0].split(separator: "\n").count { $0.contains(",finished,") }, 6)
        XCTAssertEqual(try cluster("up", "3").status, 0)
        for ranksPerTrial in ["1", "3"] {
            let onHosts = try results("hosts-\(ranksPerTrial)") {
                try start("\(launchFolder)/cluster", ["run", "-np", "3"] + $0 + ["--ranks-per-trial", ranksPerTrial])
            }
            XCTAssertEqual(onHosts, alone, "\(ranksPerTrial) a trial")
        }
    }

    func testStatisticsGroupsThatCoincideWithHostsLeaveTheWeightsOfOneProcess() throws {
        XCTAssertEqual(try cluster("up", "2").status, 0)
        let groups = ["--norm", "bn", "--statistics", "workers:3"]
        XCTAssertEqual(
            try weights(hosts: 2, groups[0], groups[1], groups[2], groups[3]),
            try weights(hosts: nil, groups[0], groups[1], groups[2], groups[3]))
    }

    func testEveryHostHasItsOwnNameAndSharedMemory() throws {
        XCTAssertEqual(try cluster("up", "2").status, 0)
        for host in ["host1", "host2"] {
            XCTAssertEqual(try cluster("exec", host, "hostname").output, "\(host)\n")
            XCTAssertEqual(try cluster("exec", host, "touch", "/dev/shm/of \(host)").status, 0)
        }
        XCTAssertEqual(try cluster("exec", "host2", "ls", "/dev/shm").output, "of host2\n")
        XCTAssertFalse(FileManager.default.fileExists(atPath: "/dev/shm/of host1"))
    }

    func testBandwidthBoundsHowFastAHostSends() throws {
        let bitsPerSecond = 60e6
        let burstBytes = 128.0 * 1024
        XCTAssertEqual(try cluster("up", "2", "--bandwidth", "60mbit").status, 0)
        let run = try cluster(
            "run", "train", "--norm", "syncbn", "--dataset", "digits", "--train-images", "200", "--epochs", "1",
            "--quiet", "--out", "\(folder)/slow")
        XCTAssertEqual(run.status, 0, run.errors)
        let counters = try cluster("exec", "host1", "tc", "-s", "qdisc", "show", "dev", "eth0").output
        let words = counters.split { " \n".contains($0) }
        let sent = try XCTUnwrap(words.firstIndex(of: "Sent").flatMap { Double(words[$0 + 1]) }, counters)
        let fastestSeconds = (sent - burstBytes) * 8 / bitsPerSecond
        XCTAssertGreaterThan(fastestSeconds, 1, "too little was sent to tell")
        XCTAssertGreaterThan(run.seconds, fastestSeconds)
    }

    func testUpAgainChangesNothingAndAnotherSizeIsRefused() throws {
        XCTAssertEqual(try cluster("up", "2").status, 0)
        XCTAssertEqual(try cluster("exec", "host1", "touch", "/dev/shm/mark").status, 0)
        XCTAssertEqual(try cluster("up", "2").status, 0)
        let other = try cluster("up", "3")
        XCTAssertNotEqual(other.status, 0)
        XCTAssertTrue(other.errors.contains("run `launch/cluster down` first"), other.errors)
        XCTAssertEqual(try cluster("exec", "host1", "ls", "/dev/shm").output, "mark\n")
    }

    func testWithoutAClusterTheUserIsToldHowToStartOne() throws {
        for command in ["run", "status"] {
            let outcome = try cluster(command)
            XCTAssertNotEqual(outcome.status, 0)
            XCTAssertEqual(outcome.errors, "cluster: no cluster is up: start one with `launch/cluster up 2`.\n")
        }
    }
}
