import Foundation
import XCTest

/// The program under mpirun, while a test does something to it.
final class RunningJob {
    /// What a user starts it with.
    enum Launcher: CaseIterable {
        /// `mpirun -q`, which says nothing itself.
        case quietly
        /// `mpirun`
        case plainly
        /// `launch/run`
        case script

        fileprivate func command(ranks: Int) -> [String] {
            switch self {
            case .quietly: ["mpirun", "-q", "--oversubscribe", "-np", "\(ranks)", CommandLineTestCase.binary]
            case .plainly: ["mpirun", "--oversubscribe", "-np", "\(ranks)", CommandLineTestCase.binary]
            case .script: [CommandLineTestCase.launchFolder + "/run", "-np", "\(ranks)"]
            }
        }
    }

    private let process = Process()
    private let command: String
    private let logs: String

    /// Starts it in `folder`.
    init(_ arguments: [String], ranks: Int, by launcher: Launcher = .quietly, in folder: String) throws {
        command = arguments.joined(separator: " ")
        logs = "\(folder).logs-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: false)
        for name in ["output", "errors"] { try Data().write(to: URL(fileURLWithPath: "\(logs)/\(name)")) }
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = launcher.command(ranks: ranks) + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ProcessInfo.processInfo.environment
            .merging([
                "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
                // No wait before what is left of a job is killed.
                "OMPI_MCA_odls_base_sigkill_timeout": "0", "NORMTRAIN_BINARY": CommandLineTestCase.binary,
            ]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: "\(logs)/output")
        process.standardError = FileHandle(forWritingAtPath: "\(logs)/errors")
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(atPath: logs)
    }

    /// What was started: mpirun, but for `launch/run`.
    var mpirun: Int32 { process.processIdentifier }

    var isRunning: Bool { process.isRunning }

    /// The processes of the ranks, in their order as far as mpirun starts one after the other.
    var ranks: [Int32] {
        let started = Self.children(of: mpirun, named: "mpirun") + [mpirun]
        return started.flatMap { Self.children(of: $0, named: "normtrain") }.sorted()
    }

    /// The rank of a process of the job, as mpirun has told it; nil when it has ended.
    static func rank(of process: Int32) -> Int? {
        let file = URL(fileURLWithPath: "/proc/\(process)/environ")
        guard let environment = try? Data(contentsOf: file) else { return nil }
        let prefix = "OMPI_COMM_WORLD_RANK="
        return String(decoding: environment, as: UTF8.self).split(separator: "\0")
            .first { $0.hasPrefix(prefix) }.flatMap { Int($0.dropFirst(prefix.count)) }
    }

    /// Waits until every one of `count` ranks has said what to do on SIGUSR1: from then on it does not kill them.
    func waitUntilItListens(ranks count: Int) throws {
        try wait(for: "\(count) ranks that handle SIGUSR1") {
            let ranks = ranks
            return ranks.count == count
                && ranks.allSatisfy { rank in
                    let handled = Self.field("SigCgt", of: rank).flatMap { UInt64($0, radix: 16) } ?? 0
                    return handled >> (UInt64(SIGUSR1) - 1) & 1 == 1
                }
        }
    }

    /// Waits while the job runs, at most 20 s.
    func wait(for event: String, until condition: () throws -> Bool) throws {
        let limit = Date() + 20
        while try !condition() {
            guard process.isRunning, Date() < limit else {
                throw Missed(description: "\(command): no \(event)\n\(try text("errors"))")
            }
            usleep(2000)
        }
    }

    /// Waits for the end; fails the test, and kills the job, when it does not come within `seconds`.
    func end(within seconds: Double = 20) throws -> CommandLineTestCase.Outcome {
        let limit = Date() + seconds
        while process.isRunning && Date() < limit { usleep(2000) }
        if process.isRunning {
            XCTFail("\(command) was still running after \(seconds) s")
            for rank in ranks { kill(rank, SIGKILL) }
            kill(mpirun, SIGKILL)
        }
        process.waitUntilExit()
        return CommandLineTestCase.Outcome(
            command: command, status: process.terminationStatus, output: try text("output"), errors: try text("errors"))
    }

    /// What it has written to standard error so far.
    var errors: String { get throws { try text("errors") } }

    private struct Missed: Error { let description: String }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: "\(logs)/\(name)", encoding: .utf8)
    }

    private static func children(of parent: Int32, named name: String) -> [Int32] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }
            .filter { field("PPid", of: $0) == "\(parent)" && field("Name", of: $0) == name }
    }

    /// A line of what the kernel tells about a process; nil when it is gone.
    private static func field(_ name: String, of process: Int32) -> String? {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { return nil }
        let line = status.split(separator: "\n").first { $0.hasPrefix("\(name):") }
        return line.map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
    }
}
