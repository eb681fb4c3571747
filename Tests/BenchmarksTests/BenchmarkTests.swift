import Settings
import XCTest

@testable import Benchmarks

/// The parts of `normtrain bench` that take no time.
final class BenchmarkTests: XCTestCase {
    func testPeakMemoryIsReadFromTheKernelsDescription() {
        XCTAssertEqual(
            PeakMemory.bytes(status: "Name:\tx\nVmPeak:\t  9 kB\nVmHWM:\t    1234 kB\nVmRSS:\t 5 kB\n"), 1_263_616)
        XCTAssertNil(PeakMemory.bytes(status: "Name:\tx\n"))
    }

    func testMemoryThatWasTouchedIsInThePeakAfterItIsFreed() throws {
        let bytes = 96 << 20
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 1, count: bytes)
        memory.deallocate()
        XCTAssertGreaterThan(try XCTUnwrap(PeakMemory.bytes), bytes)
    }

    private func option(_ key: String, _ value: String) throws -> KeyOption {
        KeyOption(try XCTUnwrap(Configuration.key(key)), value: value)
    }

    func testEachCombinationIsARow() throws {
        let settings = BenchmarkSettings(
            options: try [
                option("normalization.norm", "bn,gn"), option("training.batch", "1,8"), option("workers", "2,4"),
                option("training.reduction", "exact,float"), option("dataset.name", "cifar10"),
            ])
        let rows = try settings.drafts().map(\.configuration)
        XCTAssertEqual(rows.map(\.workers), Array(repeating: 2, count: 8) + Array(repeating: 4, count: 8))
        XCTAssertEqual(rows.prefix(8).map(\.training.batch), [1, 1, 1, 1, 8, 8, 8, 8])
        XCTAssertEqual(rows.prefix(4).map(\.normalization.norm), ["bn", "bn", "gn", "gn"])
        XCTAssertEqual(rows.prefix(4).map(\.training.reduction.rawValue), ["exact", "float", "exact", "float"])
        XCTAssertEqual(Set(rows.map(\.dataset.name)), ["cifar10"])
    }

    func testAListWithAHoleIsRefused() throws {
        for list in ["", "2,", ",2", "2,,4"] {
            let settings = BenchmarkSettings(options: [try option("training.batch", list)])
            XCTAssertThrowsError(try settings.drafts(), list) { XCTAssertTrue("\($0)".hasPrefix("--batch "), "\($0)") }
        }
    }

    func testACopyMovesAsManyBytesAsItsKernel() {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 64)
        defer { memory.deallocate() }
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: 4096)
        memory.initializeMemory(as: UInt8.self, repeating: 7, count: 1536)
        let kernel = KernelCase(
            kernel: "example", shape: "", place: .memory, bytesRead: 2048, bytesWritten: 1024, run: {})
        XCTAssertNoThrow(try kernel.measured(beside: memory)[1].run())
        let sevens = (0..<4096).filter { memory.load(fromByteOffset: $0, as: UInt8.self) == 7 }
        XCTAssertEqual(sevens, Array(0..<3072))
    }
}
