import Glibc

/// How many cores' time the control groups of this process allow, as containers and batch systems limit it.
///
/// A quota is no set of cores: a process may run on all of them, and is stopped for the rest of each period (100 ms as a
/// rule) once the quota is used up. More ranks than the quota has cores starve each other as on a host that is crowded.
enum CoreQuota {
    /// The smallest quota of the group and of those around it, in cores; infinite without any.
    ///
    /// - Parameter root: the folder in which `proc` and the mounted groups lie.
    static func cores(root: String = "") -> Double {
        let mounts = lines(of: root + "/proc/self/mountinfo").compactMap(Mount.init)
        let memberships = lines(of: root + "/proc/self/cgroup").compactMap(Membership.init)
        let quotas = memberships.flatMap { membership in
            mounts.filter { $0.isUnified == membership.isUnified }.flatMap { mount in
                mount.folders(of: membership.path).compactMap { quota(of: root + $0, isUnified: mount.isUnified) }
            }
        }
        return quotas.min() ?? .infinity
    }

    /// The quota of one group; nil when it has none.
    private static func quota(of folder: String, isUnified: Bool) -> Double? {
        // "150000 100000", or "max 100000"; the older groups have a file for each, and -1 for none.
        let files = isUnified ? ["/cpu.max"] : ["/cpu.cfs_quota_us", "/cpu.cfs_period_us"]
        let numbers = files.flatMap { lines(of: folder + $0) }.flatMap { $0.split(separator: " ") }.map { Double($0) }
        guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], quota > 0, period > 0 else {
            return nil
        }
        return quota / period
    }

    /// Where groups that limit cores are mounted.
    private struct Mount {
        /// The group that the mounted folder is; `/` unless a container sees a part of its host's.
        let group: String
        let folder: String
        let isUnified: Bool

        /// - Parameter line: `31 23 0:28 GROUP FOLDER OPTIONS … - TYPE SOURCE OPTIONS`
        init?(_ line: Substring) {
            let fields = line.split(separator: " ")
            guard fields.count > 4, let dash = fields.firstIndex(of: "-"), fields.count > dash + 3 else { return nil }
            group = String(fields[3])
            folder = String(fields[4])
            switch fields[dash + 1] {
            case "cgroup2": isUnified = true
            case "cgroup" where fields[dash + 3].split(separator: ",").contains("cpu"): isUnified = false
            default: return nil
            }
        }

        /// The folders of a group and of all around it, as far as they are mounted.
        func folders(of path: String) -> [String] {
            // A container may see its own group as the root of all, under the name that its host has for it.
            let inside = path.hasPrefix(group) ? path.dropFirst(group == "/" ? 0 : group.count) : ""
            return inside.split(separator: "/").reduce(into: [folder]) { $0.append("\($0[$0.count - 1])/\($1)") }
        }
    }

    /// A group that this process is in.
    private struct Membership {
        let path: String
        let isUnified: Bool

        /// - Parameter line: `0::PATH`, or `4:cpu,cpuacct:PATH` for the older groups.
        init?(_ line: Substring) {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { return nil }
            isUnified = fields[1].isEmpty
            guard isUnified || fields[1].split(separator: ",").contains("cpu") else { return nil }
            path = String(fields[2])
        }
    }

    /// The lines of a file of the kernel's; none when it can't be read.
    private static func lines(of path: String) -> [Substring] {
        guard let file = fopen(path, "re") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { $0 }
    }
}
