import Foundation
import XCTest

@testable import MPI

/// More ranks on a host than cores: needs no MPI, only the variables that `mpirun` sets.
final class CrowdedHostTests: XCTestCase {
    private static let names = [
        "OMPI_COMM_WORLD_LOCAL_SIZE", "OMPI_MCA_orte_bound_at_launch", "OMPI_MCA_mpi_yield_when_idle",
    ]

    func testUsableCoresAreThoseTheKernelAllows() throws {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try XCTUnwrap(status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed:") })
        let mask = line.dropFirst("Cpus_allowed:".count).compactMap(\.hexDigitValue)
        XCTAssertEqual(MPIEnvironment.usableCores(), mask.reduce(0) { $0 + $1.nonzeroBitCount })
    }

    func testRanksYieldOnlyWhenTheyOutnumberTheCores() {
        let cores = MPIEnvironment.usableCores()
        XCTAssertEqual(yieldChoice(ranksOnHost: cores + 1), "1")
        XCTAssertNil(yieldChoice(ranksOnHost: cores))
        XCTAssertNil(yieldChoice(ranksOnHost: nil))
    }

    func testRanksWithCoresOfTheirOwnDoNotYield() {
        XCTAssertNil(yieldChoice(ranksOnHost: MPIEnvironment.usableCores() + 1, bound: "1"))
    }

    /// A container that may use one and a half cores' time of a host with many cores.
    func testAQuotaCountsAsCores() {
        XCTAssertEqual(yieldChoice(ranksOnHost: 2, quota: 1.5), "1")
        XCTAssertNil(yieldChoice(ranksOnHost: 1, quota: 1.5))
        XCTAssertEqual(coreShare(ranksOnHost: 2, quota: 1.5), 0.75)
        XCTAssertEqual(coreShare(ranksOnHost: nil, threads: 4, quota: 0.5), 0.5)
        let cores = MPIEnvironment.usableCores()
        XCTAssertEqual(coreShare(ranksOnHost: 2 * cores, quota: Double(4 * cores)), 0.5)
    }

    func testCoresOfTheirOwnDoNotLiftAQuota() {
        XCTAssertEqual(coreShare(ranksOnHost: 4, bound: "1", quota: 1), 0.25)
        XCTAssertEqual(yieldChoice(ranksOnHost: 4, bound: "1", quota: 1), "1")
    }

    func testTheUsersChoiceIsLeftAlone() {
        XCTAssertEqual(yieldChoice(ranksOnHost: MPIEnvironment.usableCores() + 1, chosen: "0"), "0")
    }

    func testRanksThatOutnumberTheCoresShareThem() {
        let cores = MPIEnvironment.usableCores()
        XCTAssertEqual(coreShare(ranksOnHost: 4 * cores), 0.25)
        XCTAssertEqual(coreShare(ranksOnHost: 4 * cores, bound: "1"), 1)
        XCTAssertEqual(coreShare(ranksOnHost: cores), 1)
        XCTAssertEqual(coreShare(ranksOnHost: nil), 1)
        XCTAssertEqual(coreShare(ranksOnHost: 1, threads: 2 * cores), Double(cores))
        XCTAssertEqual(coreShare(ranksOnHost: 2 * cores, threads: 3), 0.5)
    }

    /// What a rank would get of a core in such an environment.
    private func coreShare(
        ranksOnHost: Int?, bound: String? = nil, threads: Int = 1, quota: Double = .infinity
    ) -> Double {
        let before = Self.names.map(Self.variable)
        defer { zip(Self.names, before).forEach(Self.set) }
        zip(Self.names, [ranksOnHost.map(String.init), bound, nil]).forEach(Self.set)
        return MPIEnvironment.coreShare(threads: threads, quota: quota)
    }

    /// What Open MPI would be told about yielding in such an environment.
    private func yieldChoice(
        ranksOnHost: Int?, bound: String? = nil, chosen: String? = nil, quota: Double = .infinity
    ) -> String? {
        let before = Self.names.map(Self.variable)
        defer { zip(Self.names, before).forEach(Self.set) }
        zip(Self.names, [ranksOnHost.map(String.init), bound, chosen]).forEach(Self.set)
        MPIEnvironment.yieldWhenCrowded(quota: quota)
        return Self.variable(Self.names[2])
    }

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    private static func set(_ name: String, to value: String?) {
        if let value { setenv(name, value, 1) } else { unsetenv(name) }
    }
}
