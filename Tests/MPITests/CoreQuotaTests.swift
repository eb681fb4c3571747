import Foundation
import XCTest

@testable import MPI

/// The cores' time that control groups allow, read from files as the kernel writes them, in a folder of the test's.
final class CoreQuotaTests: XCTestCase {
    private var root = ""

    override func setUpWithError() throws {
        root = NSTemporaryDirectory() + "quota-" + UUID().uuidString
    }

    override func tearDownWithError() throws {
        try FileManager.default.removeItem(atPath: root)
    }

    private static let unified = "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate"

    func testAContainerSeesItsOwnQuotaAsTheRootOfAll() throws {
        try write("0::/", to: "proc/self/cgroup")
        try write(Self.unified, to: "proc/self/mountinfo")
        try write("150000 100000", to: "sys/fs/cgroup/cpu.max")
        XCTAssertEqual(CoreQuota.cores(root: root), 1.5)
        try write("max 100000", to: "sys/fs/cgroup/cpu.max")
        XCTAssertEqual(CoreQuota.cores(root: root), .infinity)
    }

    func testTheSmallestQuotaOfNestedGroupsCounts() throws {
        try write("0::/user.slice/job 7/task", to: "proc/self/cgroup")
        try write("22 1 8:1 / / rw - ext4 /dev/sda1 rw\n" + Self.unified, to: "proc/self/mountinfo")
        try write("800000 100000", to: "sys/fs/cgroup/user.slice/cpu.max")
        try write("30000 20000", to: "sys/fs/cgroup/user.slice/job 7/cpu.max")
        try write("max 100000", to: "sys/fs/cgroup/user.slice/job 7/task/cpu.max")
        // Of another job on the same host.
        try write("10000 100000", to: "sys/fs/cgroup/user.slice/job 8/cpu.max")
        XCTAssertEqual(CoreQuota.cores(root: root), 1.5)
    }

    /// Docker on hosts with the older groups: the host's name of the group, and only its own part of the mount.
    func testTheOlderGroupsCountToo() throws {
        try write("5:cpuset:/docker/0a1b\n4:cpu,cpuacct:/docker/0a1b\n0::/system.slice", to: "proc/self/cgroup")
        try write(
            """
            40 31 0:36 /docker/0a1b /sys/fs/cgroup/cpuset ro - cgroup cgroup rw,cpuset
            41 31 0:37 /docker/0a1b /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct
            """, to: "proc/self/mountinfo")
        try write("250000", to: "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us")
        try write("100000", to: "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us")
        XCTAssertEqual(CoreQuota.cores(root: root), 2.5)
        try write("-1", to: "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us")
        XCTAssertEqual(CoreQuota.cores(root: root), .infinity)
    }

    func testWhatCannotBeReadIsNoQuota() throws {
        try write("nothing\n\n0:", to: "proc/self/cgroup")
        XCTAssertEqual(CoreQuota.cores(root: root), .infinity)
        try write("0::/", to: "proc/self/cgroup")
        try write("31 23 0:28 /\n" + Self.unified, to: "proc/self/mountinfo")
        XCTAssertEqual(CoreQuota.cores(root: root), .infinity)
        for text in ["", "0 0", "100000", "-5 100000", "a b"] {
            try write(text, to: "sys/fs/cgroup/cpu.max")
            XCTAssertEqual(CoreQuota.cores(root: root), .infinity, text)
        }
    }

    private func write(_ text: String, to name: String) throws {
        let file = URL(fileURLWithPath: "\(root)/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data((text + "\n").utf8).write(to: file)
    }
}
