import Foundation
import XCTest

/// Ranks that compute with other instructions, or are other programs, give other bits: they are told apart before the
/// first step.
final class InstructionSetTests: InterruptionTestCase {
    /// Starts two ranks, the second of them otherwise.
    private func twoRanks(_ second: [String]) throws -> Outcome {
        let training = smallRun("syncbn")
        return try mpirun(["-np", "1", Self.binary] + training + [":", "-np", "1"] + second + training)
    }

    func testAHostWithOtherInstructionsIsNamedBeforeTheFirstStep() throws {
        // SSE 4.1: less than any CPU that the program runs on has.
        let outcome = try twoRanks(["env", "DNNL_MAX_CPU_ISA=SSE41", Self.binary])
        XCTAssertNotEqual(outcome.status, 0)
        XCTAssertNotNil(
            outcome.errors.wholeMatch(
                of: /normtrain: rank 1: oneDNN's .+ rank 0 here, on [^ ]+ \(DNNL_MAX_CPU_ISA=SSE41\): give .+\n/),
            outcome.errors)
        XCTAssertEqual(try entries(), [])
    }

    /// A library by which the host seems to have caches of 48, 2048 and 12288 KiB.
    private func libraryOfOtherCaches() throws -> String {
        try write(
            """
            #include <unistd.h>
            long sysconf(int name) {
                switch (name) {
                case _SC_LEVEL1_DCACHE_SIZE: return 48 << 10;
                case _SC_LEVEL2_CACHE_SIZE: return 2 << 20;
                case _SC_LEVEL3_CACHE_SIZE: return 12 << 20;
                case _SC_PAGESIZE: return 4096;
                case _SC_PHYS_PAGES: return 1 << 20;
                default: return -1;
                }
            }
            """, to: "caches.c")
        let compilation = try start("clang", ["-shared", "-fPIC", "-o", "caches.so", "caches.c"])
        XCTAssertEqual(compilation.status, 0, compilation.errors)
        return path("caches.so")
    }

    func testARunThatGoesOnWithOtherCachesSaysSo() throws {
        try stopEarly("--quiet")
        let library = try libraryOfOtherCaches()
        let outcome = try start("env", ["LD_PRELOAD=\(library)", Self.binary, "resume", "run", "--quiet"])
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertNotNil(
            outcome.errors.wholeMatch(
                of: /normtrain: run: this run was begun with caches of .+ and has 48, 2048 and 12288 KiB here: .+\n/),
            outcome.errors)
    }

    func testAHostWithOtherCachesIsToldOfBeforeTheFirstStep() throws {
        let library = try libraryOfOtherCaches()
        let outcome = try twoRanks(["env", "LD_PRELOAD=\(library)", Self.binary])
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertNotNil(
            outcome.errors.firstMatch(
                of:
                    /normtrain: rank 1 has caches of 48, 2048 and 12288 KiB on [^ ]+, and rank 0 of [^:]+ KiB: oneDNN .+\n/
            ),
            outcome.errors)
        XCTAssertFalse(try normtrain(smallRun("syncbn", out: "equal")).errors.contains("caches"))
    }

    func testAnotherBuildOnOneRankIsNamedBeforeTheFirstStep() throws {
        let other = path("other")
        try FileManager.default.copyItem(atPath: Self.binary, toPath: other)
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: other))
        try file.seekToEnd()
        try file.write(contentsOf: Data([0]))
        try file.close()
        let outcome = try twoRanks([other])
        XCTAssertNotEqual(outcome.status, 0)
        XCTAssertNotNil(
            outcome.errors.wholeMatch(
                of: /normtrain: rank 1: another build of normtrain runs here, on [^ ]+, than on rank 0: .+\n/),
            outcome.errors)
        XCTAssertFalse(FileManager.default.fileExists(atPath: path("run")))
    }

    func testThePinnedInstructionsAreTheOnesOfTheRunAndSaidSo() throws {
        let outcome = try assertWorks(smallRun("syncbn", "--isa", "avx2"))
        XCTAssertTrue(
            outcome.errors.hasPrefix("normtrain: oneDNN is pinned to the instructions of avx2.\n"), outcome.errors)
        XCTAssertEqual(try RunFiles(path: path("run")).text("instruction_set"), "AVX2")
        // As oneDNN's own variable has it.
        try assertWorks(smallRun("syncbn", out: "limited"), environment: ["DNNL_MAX_CPU_ISA": "AVX2"])
        XCTAssertEqual(
            try RunFiles(path: path("run")).text("weights_sha256"),
            try RunFiles(path: path("limited")).text("weights_sha256"))
    }

    func testARunGoesOnOnlyWithTheInstructionsThatItBeganWith() throws {
        try stopEarly("--isa", "avx2", "--quiet")
        try assertWorks(["resume", "run", "--quiet"])
        XCTAssertEqual(try RunFiles(path: path("run")).text("instruction_set"), "AVX2")

        try stopEarly("--quiet", out: "other")
        let outcome = try normtrain(["resume", "other"], environment: ["DNNL_MAX_CPU_ISA": "SSE41"])
        XCTAssertNotEqual(outcome.status, 0)
        XCTAssertTrue(
            outcome.errors.contains("normtrain: other: this run was begun with AVX")
                && outcome.errors.contains("oneDNN computes with SSE41 here"), outcome.errors)
    }
}
